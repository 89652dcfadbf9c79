using EdgeGw.Metering;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>The running totals of one key, but for what a stored row of the same key holds.</summary>
/// <remarks>There may be hundreds of thousands, so it is its own lock.</remarks>
internal sealed class RollupRow(in RollupKey key, BytePlace? stored)
{
    // What each call adds to stands first, and together: of hundreds of thousands of rows nearly none is in the processor's caches.
    private long _requests;
    private bool _retired;
    private Int128 _cost;
    private Usage _usage;

    internal RollupKey Key { get; } = key;

    /// <summary>Where the stored row of the same key is: this one is counted with that. Null: it is counted itself.</summary>
    internal BytePlace? Stored { get; } = stored;

    /// <summary>It was merged into another; nothing can be added to it.</summary>
    internal bool IsRetired => Volatile.Read(ref _retired);

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
