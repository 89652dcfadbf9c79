namespace EdgeGw.FunctionalTests;

/// <summary>A folder of scripts with the npm packages that they need, copied to artifacts/ and installed there once per lock file.</summary>
/// <param name="source">In this project.</param>
internal sealed class NpmFolder(string source)
{
    private readonly Lazy<Task<string>> _installed = new(() => InstallAsync(source));

    /// <summary>Where the scripts can be run.</summary>
    public Task<string> InstalledAsync() => _installed.Value;

    private static async Task<string> InstallAsync(string name)
    {
        var source = Path.Combine(Repository.Root, "tests/EdgeGw.FunctionalTests", name);
        var folder = Path.Combine(Repository.Root, "artifacts", $"functional-{name}");
        var stamp = Path.Combine(folder, "installed-lock.json");
        var lockFile = await File.ReadAllTextAsync(Path.Combine(source, "package-lock.json"));
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(source))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }
        if (!File.Exists(stamp) || await File.ReadAllTextAsync(stamp) != lockFile)
        {
            await Programs.RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], folder: folder);
            await File.WriteAllTextAsync(stamp, lockFile);
        }
        return folder;
    }
}
