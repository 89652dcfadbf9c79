using EdgeGw.Storage;

namespace EdgeGw.Budgets;

/// <summary>A slot while it is in use: in memory as long as an account shows it or a hold is on it. Only touched under the ledger's lock.</summary>
internal sealed class LiveSlot
{
    /// <summary>Its totals; changed by <see cref="SlotCache.Change"/> alone.</summary>
    public BudgetSlot Value;

    public CounterKey Key { get; private set; }

    public WindowSpan Window { get; private set; }

    /// <summary>The account of a rolling window that counts it; null of calendar windows.</summary>
    public BudgetAccount? View { get; set; }

    /// <summary>Accounts that show it and holds that are on it.</summary>
    public int Users { get; set; }

    /// <summary>Changed since it was last written to the store.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Comes into use; an object that nobody uses any more may stand for another slot.</summary>
    public void Begin(CounterKey key, WindowSpan window)
    {
        (Key, Window, Value) = (key, window, default);
    }
}
