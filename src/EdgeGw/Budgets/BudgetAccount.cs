using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>What one scope of a budget has spent and holds in the window around now: one slot, or the buckets of a rolling window.</summary>
/// <remarks>Only touched under the ledger's lock. There may be millions, and hardly one is in the processor's caches when its call comes: it is kept small.</remarks>
internal sealed class BudgetAccount
{
    /// <summary>Null of calendar windows.</summary>
    private RollingBuckets? _rolling;

    public BudgetBook Book { get; private set; } = null!;

    public string Scope { get; private set; } = null!;

    /// <summary>Rises whenever it is put away: the object then stands for another scope, if any.</summary>
    public int Life { get; private set; }

    /// <summary>Where a call of now is charged.</summary>
    public LiveSlot Current { get; private set; } = null!;

    /// <summary>What it may spend by configuration, as the last caller's groups decided; null: no call has come since that was read.</summary>
    public NanoUsd? Amount { get; set; }

    public int OpenHolds { get; set; }

    /// <summary>Its scope was journaled for this window.</summary>
    public bool IsNamed { get; set; }

    /// <summary>Used since the last look for accounts to put away.</summary>
    public bool IsRecent { get; set; }

    /// <summary>Stands for a scope from now on, until <see cref="Close"/>.</summary>
    /// <param name="loaded">What the store holds of it, read ahead; empty: what is needed is read now.</param>
    public void Open(BudgetBook book, string scope, DateTimeOffset now, SlotCache slots, ReadOnlySpan<LoadedSlot> loaded)
    {
        (Book, Scope) = (book, scope);
        _rolling = book.Window.IsRolling ? new RollingBuckets(book, scope) : null;
        MoveTo(now, slots, loaded);
    }

    /// <summary>Brings the window to an instant.</summary>
    /// <param name="loaded">What the store holds of the window's slots, where it was read ahead; empty: still to be read.</param>
    public void MoveTo(DateTimeOffset now, SlotCache slots, ReadOnlySpan<LoadedSlot> loaded = default)
    {
        if (Current is not null && Current.Contains(now))
        {
            return;
        }
        IsNamed = false;
        if (_rolling is not null)
        {
            Current = Current is not null && now >= Current.Window.End ? _rolling.RollOn(now, slots) : _rolling.Reload(now, slots, loaded);
            return;
        }
        var ended = Current;
        Current = loaded is [.., var last]
            ? slots.Acquire(last.Name, last.Value)
            : slots.Acquire(Book.Slot(Scope, Book.SpanAround(now), 0));
        if (ended is not null)
        {
            slots.Release(ended);
        }
    }

    /// <summary>Gives its slots up, for good.</summary>
    public void Close(SlotCache slots)
    {
        if (_rolling is not null)
        {
            _rolling.Close(slots);
        }
        else
        {
            slots.Release(Current);
        }
        (_rolling, Current, Amount, IsNamed, IsRecent) = (null, null!, null, false, false);
        Life++;
    }

    /// <summary>What was spent in the window that a slot belongs to, which may have passed; a rolling window is always that of now.</summary>
    public long SpentIn(LiveSlot slot) => _rolling?.Spent ?? slot.Value.Spent;

    public long HeldIn(LiveSlot slot) => _rolling?.Held ?? slot.Value.Held;

    /// <summary>The highest alert that was given in the window that a slot belongs to.</summary>
    public long AlertedIn(LiveSlot slot) => Math.Max(slot.Value.AlertedPercent, _rolling?.HighestAlert ?? 0);

    public NanoUsd RemainingOf(LiveSlot slot, NanoUsd limit) => Left(limit, SpentIn(slot), HeldIn(slot));

    /// <summary>When a calendar window ends, or when enough has left a rolling one that an amount fits.</summary>
    public DateTimeOffset ResetOf(LiveSlot slot, NanoUsd limit, NanoUsd amount) => _rolling?.ResetOf(Current, limit, amount) ?? slot.Window.End;

    internal static NanoUsd Left(NanoUsd limit, long spent, long held) =>
        new(Math.Max(0, long.CreateSaturating((Int128)limit.Value - spent - held)));
}
