namespace EdgeGw.FunctionalTests.Gateway;

/// <summary>A folder that lives as long as its test; kept for inspection where EDGEGW_KEEP is set.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("edgegw-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("EDGEGW_KEEP") is not { Length: > 0 })
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
