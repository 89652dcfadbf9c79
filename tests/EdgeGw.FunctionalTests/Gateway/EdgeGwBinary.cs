namespace EdgeGw.FunctionalTests.Gateway;

/// <summary>The program under test: what EDGEGW_BINARY names, else what publish.sh made, else the debug build.</summary>
internal static class EdgeGwBinary
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("EDGEGW_BINARY") is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : throw new FileNotFoundException($"EDGEGW_BINARY names {named}, which is not there.");
        }
        string[] places = ["artifacts/publish/edgegw", "artifacts/bin/EdgeGw/debug_net10.0/edgegw"];
        return places.Select(place => System.IO.Path.Combine(Repository.Root, place)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException("There is no edgegw binary to test: run ./publish.sh first, or name one in EDGEGW_BINARY.");
    }
}
