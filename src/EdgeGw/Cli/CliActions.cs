using EdgeGw.Configuration;

namespace EdgeGw.Cli;

/// <summary>What commands do beyond parsing and printing. Composed in one place; each returns the process's <see cref="ExitCode"/> where it is a number.</summary>
public sealed record CliActions
{
    /// <summary>Runs the gateway until the token is cancelled.</summary>
    public required Func<ServeOptions, CliContext, CancellationToken, Task<int>> Serve { get; init; }

    /// <summary>Runs the gateway in front of a built-in fake provider.</summary>
    public required Func<DemoOptions, CliContext, CancellationToken, Task<int>> Demo { get; init; }

    /// <summary>Meters a recorded answer and prints one JSON line.</summary>
    public required Func<MeterFileOptions, CliContext, CancellationToken, Task<int>> Meter { get; init; }

    /// <summary>Checks a stopped gateway's data folder.</summary>
    public required Func<VerifyJournalOptions, CliContext, CancellationToken, Task<int>> VerifyJournal { get; init; }

    /// <summary>Judges recorded calls by a configuration.</summary>
    public required Func<DryRunOptions, CliContext, CancellationToken, Task<int>> DryRun { get; init; }

    /// <summary>Opens the data folder directly, for keys and usage while no gateway runs; fails where another process holds it.</summary>
    public required Func<GatewayConfig, CancellationToken, Task<ControlResult<IControlPlane>>> OpenDataFolder { get; init; }
}
