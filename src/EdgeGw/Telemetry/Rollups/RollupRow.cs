using EdgeGw.Metering;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>The running totals of one key.</summary>
/// <remarks>There may be hundreds of thousands, so it is its own lock.</remarks>
internal sealed class RollupRow(in RollupKey key, in UsageTotals totals = default)
{
    private long _requests = totals.Requests;
    private Usage _usage = totals.Usage;
    private Int128 _cost = totals.CostNanoUsd;
    private bool _retired;

    internal RollupKey Key { get; } = key;

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
