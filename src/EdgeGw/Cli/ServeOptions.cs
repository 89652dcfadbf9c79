using System.Net;
using EdgeGw.Configuration;

namespace EdgeGw.Cli;

/// <summary>A configuration that has passed every check.</summary>
public sealed record ServeOptions
{
    public required GatewayConfig Config { get; init; }

    /// <summary>Null: from the environment.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>To be logged at start.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Loads the same source with the same overrides again, for a hot reload.</summary>
    public required Func<ConfigResult> Reload { get; init; }
}

/// <summary>Where the demonstration listens.</summary>
public sealed record DemoOptions(IPEndPoint Listen);
