using EdgeGw.Storage;

namespace EdgeGw.Budgets;

/// <summary>A slot while it is in use: in memory as long as an account shows it or a hold is on it. Only touched under the ledger's lock.</summary>
internal sealed class LiveSlot
{
    /// <summary>Its totals; changed by <see cref="SlotCache.Change"/> alone.</summary>
    public BudgetSlot Value;

    // In UTC ticks: as instants they would be twice as long, and there may be millions.
    private long _start;
    private long _end;

    public CounterKey Key { get; private set; }

    public WindowSpan Window => new(new DateTimeOffset(_start, TimeSpan.Zero), new DateTimeOffset(_end, TimeSpan.Zero));

    /// <summary>Those that it is one of; null of calendar windows.</summary>
    public RollingBuckets? View { get; set; }

    /// <summary>Accounts that show it and holds that are on it.</summary>
    public int Users { get; set; }

    /// <summary>Changed since it was last written to the store.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Comes into use; an object that nobody uses any more may stand for another slot.</summary>
    public void Begin(CounterKey key, WindowSpan window)
    {
        (Key, _start, _end, Value) = (key, window.Start.UtcTicks, window.End.UtcTicks, default);
    }

    /// <summary>The instant is in its window.</summary>
    public bool Contains(DateTimeOffset instant) => instant.UtcTicks is var ticks && ticks >= _start && ticks < _end;
}
