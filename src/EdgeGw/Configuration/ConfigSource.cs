namespace EdgeGw.Configuration;

/// <summary>Where the configuration comes from when the command line does not say: the variable, the working folder, the system's folder, the environment.</summary>
public static class ConfigSource
{
    /// <summary>Names the configuration file.</summary>
    public const string Variable = "EDGEGW_CONFIG";

    private static readonly string[] Places = ["./edgegw.json", "/etc/edgegw/edgegw.json"];

    /// <summary>The file to read; null when there is none and the environment alone counts.</summary>
    /// <param name="exists">A seam for tests; null asks the file system.</param>
    public static string? Find(string? explicitPath, IEnvironment environment, Func<string, bool>? exists = null)
    {
        if (explicitPath is not null)
        {
            return explicitPath;
        }
        // A file that was named and is not there must be a fault, never a silent fall-back to something else.
        return environment.Get(Variable) is { Length: > 0 } named ? named : Places.FirstOrDefault(exists ?? File.Exists);
    }
}
