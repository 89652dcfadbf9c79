using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>The holds that have not ended, in the order in which they were taken. Changed under the ledger's lock; count and amount may be read by anybody.</summary>
internal sealed class OpenHolds
{
    private Hold? _newest;
    private long _amount;
    private int _count;

    /// <summary>From its journal record on a replay must start.</summary>
    public Hold? Oldest { get; private set; }

    public int Count => Volatile.Read(ref _count);

    public long Amount => Volatile.Read(ref _amount);

    public void Add(Hold hold)
    {
        hold.Older = _newest;
        hold.Newer = null;
        if (_newest is { } last)
        {
            last.Newer = hold;
        }
        else
        {
            Oldest = hold;
        }
        _newest = hold;
        _count++;
        _amount += hold.Amount.Value;
    }

    public void Grow(Hold hold, NanoUsd amount)
    {
        hold.Grow(amount);
        _amount += amount.Value;
    }

    public void Remove(Hold hold)
    {
        if (hold.Older is { } older)
        {
            older.Newer = hold.Newer;
        }
        else
        {
            Oldest = hold.Newer;
        }
        if (hold.Newer is { } newer)
        {
            newer.Older = hold.Older;
        }
        else
        {
            _newest = hold.Older;
        }
        hold.Older = hold.Newer = null;
        _count--;
        _amount -= hold.Amount.Value;
    }
}
