using EdgeGw.Metering;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>The running totals of one key.</summary>
/// <remarks>There may be hundreds of thousands, so it is its own lock.</remarks>
internal sealed class RollupRow(in RollupKey key, in UsageTotals totals = default)
{
    /// <summary>Cache lines that adding touches.</summary>
    internal const int Lines = 7;

    private long _requests = totals.Requests;
    private Usage _usage = totals.Usage;
    private Int128 _cost = totals.CostNanoUsd;
    private readonly RollupKey _key = key;
    private bool _retired;

    internal RollupKey Key => _key;

    /// <summary>What it is a row of; callers are shared by all that there are in a process.</summary>
    internal UsageRollup? Rollup { get; set; }

    internal UsageTotals Totals
    {
        get
        {
            lock (this)
            {
                return new UsageTotals(_requests, _usage, _cost);
            }
        }
    }

    /// <summary>False: the row was merged into a coarser one meanwhile, so look the key up again.</summary>
    internal bool TryAdd(in UsageTotals more)
    {
        lock (this)
        {
            if (_retired)
            {
                return false;
            }
            Add(more);
            return true;
        }
    }

    /// <summary>Adds only what the row is surely for: a record without labels of its own, of a caller whose last one was added here.</summary>
    internal bool TryAdd(UsageRollup rollup, UsageRecord record, in RollupBucket bucket, in UsageTotals more)
    {
        lock (this)
        {
            ref readonly var key = ref _key;
            if (_retired || !ReferenceEquals(rollup, Rollup) || bucket != key.Bucket || record.Outcome != key.Outcome || record.Dialect != key.Dialect
                || (record.Model ?? record.ModelRequested) != key.Model || record.Provider != key.Provider || record.Route != key.Route)
            {
                return false;
            }
            Add(more);
            return true;
        }
    }

    /// <summary>The final totals; nothing is added to the row from here on.</summary>
    internal UsageTotals Retire()
    {
        lock (this)
        {
            _retired = true;
        }
        return Totals;
    }

    private void Add(in UsageTotals more)
    {
        _requests += more.Requests;
        UsageClass.Add(ref _usage, more.Usage);
        _cost += more.CostNanoUsd;
    }
}
