using System.Net;
using EdgeGw.Configuration;

namespace EdgeGw.Cli;

/// <summary>A configuration that has passed every check.</summary>
public sealed record ServeOptions
{
    public required LoadedConfig Loaded { get; init; }

    /// <summary>Loads the same source with the same overrides again; null: it cannot change.</summary>
    public Func<LoadedConfig>? Reload { get; init; }

    /// <summary>Reads a configuration (UTF-8 JSON) as if it stood in the same file, with the same overrides, and none of the files that it names; null: no other can be tried.</summary>
    public Func<byte[], ConfigResult>? Read { get; init; }
}

/// <summary>Where the demonstration listens.</summary>
public sealed record DemoOptions(IPEndPoint Listen);
