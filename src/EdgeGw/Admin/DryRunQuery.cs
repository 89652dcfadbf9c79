using System.Text.Json;
using EdgeGw.Configuration;

namespace EdgeGw.Admin;

/// <summary>A dry run that is asked for over the admin API.</summary>
/// <param name="Last">How many of the calls recorded last, from 1 to <see cref="MostCalls"/>.</param>
/// <param name="Config">The configuration to judge by, as JSON; null: the one in force.</param>
public sealed record DryRunQuery(int Last, string? Config)
{
    /// <summary>They are in memory at once, about a kilobyte each.</summary>
    public const int MostCalls = 100_000;
}

/// <summary>A dry run's report, or what is wrong with the configuration to judge by.</summary>
/// <param name="Write">Writes the report as one JSON object; null exactly when there are faults.</param>
public sealed record DryRunAnswer(IReadOnlyList<ConfigFault> Faults, Action<Utf8JsonWriter>? Write);
