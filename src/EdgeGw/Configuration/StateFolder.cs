namespace EdgeGw.Configuration;

/// <summary>The default data folder, by the XDG base directory rules.</summary>
internal static class StateFolder
{
    public const string Unknown = "neither XDG_STATE_HOME nor HOME is set";

    /// <summary>Null when the environment names no home.</summary>
    public static string? Find(IEnvironment environment)
    {
        // The specification: a relative XDG path is invalid and must be ignored.
        if (environment.Get("XDG_STATE_HOME") is { } state && Path.IsPathFullyQualified(state))
        {
            return Path.Combine(state, "edgegw");
        }
        return environment.Get("HOME") is { } home && Path.IsPathFullyQualified(home) ? Path.Combine(home, ".local", "state", "edgegw") : null;
    }
}
