using EdgeGw.Admin;
using EdgeGw.Configuration;

namespace EdgeGw.Cli;

/// <summary>What <c>edgegw simulate --last</c> was asked.</summary>
/// <param name="Loaded">The configuration to judge by; without faults.</param>
/// <param name="Last">How many recorded calls, from 1 to <see cref="MostCalls"/>.</param>
/// <param name="Json">One JSON object instead of tables.</param>
public sealed record DryRunOptions(LoadedConfig Loaded, int Last, bool Json)
{
    public const int MostCalls = DryRunQuery.MostCalls;
}
