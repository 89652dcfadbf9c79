using EdgeGw.Metering;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>Sums over records: how many, what they used, what they cost.</summary>
/// <param name="Requests">Finished attempts.</param>
/// <param name="CostNanoUsd">Nano-dollars in 128 bits: a sum of many 64-bit amounts must not be able to overflow.</param>
public readonly record struct UsageTotals(long Requests, Usage Usage, Int128 CostNanoUsd)
{
    internal static UsageTotals Of(UsageRecord record) => new(1, record.Usage, record.Cost.Value);

    /// <summary>Exact sums. Usage stops at the largest 64-bit number, which only a provider that lies can reach; it must not be able to stop the gateway.</summary>
    public static UsageTotals operator +(in UsageTotals a, in UsageTotals b)
    {
        var usage = a.Usage;
        for (var index = 0; index < UsageClass.Count; index++)
        {
            if (UsageClass.Get(b.Usage, index) is not 0 and var more)
            {
                UsageClass.Set(ref usage, index, long.CreateSaturating((Int128)UsageClass.Get(usage, index) + more));
            }
        }
        return new(a.Requests + b.Requests, usage, a.CostNanoUsd + b.CostNanoUsd);
    }
}
