using System.Net;
using EdgeGw.Configuration;

namespace EdgeGw.Cli;

/// <summary>A configuration that has passed every check.</summary>
public sealed record ServeOptions
{
    public required LoadedConfig Loaded { get; init; }

    /// <summary>Loads the same source with the same overrides again; null: it cannot change.</summary>
    public Func<LoadedConfig>? Reload { get; init; }
}

/// <summary>Where the demonstration listens.</summary>
public sealed record DemoOptions(IPEndPoint Listen);
