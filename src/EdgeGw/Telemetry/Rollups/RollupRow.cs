namespace EdgeGw.Telemetry.Rollups;

/// <summary>The running totals of one key.</summary>
internal sealed class RollupRow(RollupKey key)
{
    private readonly Lock _lock = new();
    private UsageTotals _totals;
    private bool _retired;

    internal RollupKey Key => key;

    internal UsageTotals Totals
    {
        get
        {
            lock (_lock)
            {
                return _totals;
            }
        }
    }

    /// <summary>False: the row was merged into a coarser one meanwhile, so look the key up again.</summary>
    internal bool TryAdd(in UsageTotals more)
    {
        lock (_lock)
        {
            if (_retired)
            {
                return false;
            }
            _totals += more;
            return true;
        }
    }

    /// <summary>The final totals; nothing is added to the row from here on.</summary>
    internal UsageTotals Retire()
    {
        lock (_lock)
        {
            _retired = true;
            return _totals;
        }
    }
}
