using EdgeGw.Metering;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>Sums over records: how many, what they used, what they cost.</summary>
/// <param name="Requests">Finished attempts.</param>
/// <param name="CostNanoUsd">Nano-dollars in 128 bits: a sum of many 64-bit amounts must not be able to overflow.</param>
public readonly record struct UsageTotals(long Requests, Usage Usage, Int128 CostNanoUsd)
{
    internal static UsageTotals Of(UsageRecord record) => new(1, record.Usage, record.Cost.Value);

    /// <summary>Exact sums, but for usage beyond 64 bits (<see cref="UsageClass.Add"/>).</summary>
    public static UsageTotals operator +(in UsageTotals a, in UsageTotals b)
    {
        var usage = a.Usage;
        UsageClass.Add(ref usage, b.Usage);
        return new(a.Requests + b.Requests, usage, a.CostNanoUsd + b.CostNanoUsd);
    }
}
