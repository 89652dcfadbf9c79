using EdgeGw.Identity;
using EdgeGw.Metering;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>The running totals of one key.</summary>
/// <remarks>There may be hundreds of thousands, so it is its own lock.</remarks>
internal sealed class RollupRow(in RollupKey key, in UsageTotals totals = default)
{
    private long _requests = totals.Requests;
    private Usage _usage = totals.Usage;
    private Int128 _cost = totals.CostNanoUsd;
    private Principal? _principal;
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

    /// <summary>Adds only what the row is surely for: a record without labels of its own, of the caller that was remembered.</summary>
    internal bool TryAdd(UsageRecord record, in RollupBucket bucket, in UsageTotals more)
    {
        lock (this)
        {
            var key = Key;
            if (_retired || !ReferenceEquals(record.Principal, _principal) || record.Metadata.Count > 0 || bucket != key.Bucket
                || record.Outcome != key.Outcome || record.Dialect != key.Dialect || (record.Model ?? record.ModelRequested) != key.Model
                || record.Provider != key.Provider || record.Route != key.Route)
            {
                return false;
            }
            Add(more);
            return true;
        }
    }

    /// <summary>The record was found to belong here: the next of its caller need not be looked up.</summary>
    internal void Remember(UsageRecord record)
    {
        lock (this)
        {
            _principal = record.Metadata.Count == 0 ? record.Principal : null;
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
