using EdgeGw.Storage;

namespace EdgeGw.Budgets;

/// <summary>A slot while it is in use: in memory as long as an account shows it or a hold is on it. Only touched under the ledger's lock.</summary>
internal sealed class LiveSlot(CounterKey key, WindowSpan window)
{
    /// <summary>Its totals; changed by <see cref="SlotCache.Change"/> alone.</summary>
    public BudgetSlot Value;

    public CounterKey Key { get; } = key;

    public WindowSpan Window { get; } = window;

    /// <summary>The account of a rolling window that counts it; null of calendar windows.</summary>
    public BudgetAccount? View { get; set; }

    /// <summary>Accounts that show it and holds that are on it.</summary>
    public int Users { get; set; }

    /// <summary>Changed since it was last written to the store.</summary>
    public bool IsDirty { get; set; }
}
