using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>What one scope of a budget has spent and holds in the window around now: one slot, or the buckets of a rolling window.</summary>
/// <remarks>
/// A rolling window of length W is counted in 61 buckets of W/60: the one that runs and the sixty before it, which cover at every instant
/// the last W and at most W/60 more. So no stretch of W ever holds more than the amount; what leaves, leaves up to W/60 late.
/// Only touched under the ledger's lock.
/// </remarks>
internal sealed class BudgetAccount
{
    private readonly List<LiveSlot> _buckets = [];
    private long _spent;
    private long _held;

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
        MoveTo(now, slots, loaded);
    }

    /// <summary>Brings the window to an instant.</summary>
    /// <param name="loaded">What the store holds of the window's slots, where it was read ahead; empty: still to be read.</param>
    public void MoveTo(DateTimeOffset now, SlotCache slots, ReadOnlySpan<LoadedSlot> loaded = default)
    {
        if (Current is not null && Current.Window.Contains(now))
        {
            return;
        }
        IsNamed = false;
        if (!Book.Window.IsRolling)
        {
            var ended = Current;
            Current = loaded is [.., var last]
                ? slots.Acquire(last.Name, last.Value)
                : slots.Acquire(Book.Slot(Scope, Book.SpanAround(now), 0));
            if (ended is not null)
            {
                slots.Release(ended);
            }
        }
        else if (Current is not null && now >= Current.Window.End)
        {
            RollOn(now, slots);
        }
        else
        {
            // The first look, or the clock went back: what had left the window may be in it again.
            Reload(now, slots, loaded);
        }
    }

    /// <summary>Gives its slots up, for good.</summary>
    public void Close(SlotCache slots)
    {
        if (!Book.Window.IsRolling)
        {
            slots.Release(Current);
        }
        foreach (var bucket in _buckets)
        {
            bucket.View = null;
            slots.Release(bucket);
        }
        _buckets.Clear();
        (_spent, _held, Current, Amount, IsNamed, IsRecent) = (0, 0, null!, null, false, false);
        Life++;
    }

    /// <summary>What was spent in the window that a slot belongs to, which may have passed; a rolling window is always that of now.</summary>
    public long SpentIn(LiveSlot slot) => Book.Window.IsRolling ? _spent : slot.Value.Spent;

    public long HeldIn(LiveSlot slot) => Book.Window.IsRolling ? _held : slot.Value.Held;

    /// <summary>The highest alert that was given in the window that a slot belongs to.</summary>
    public long AlertedIn(LiveSlot slot)
    {
        var highest = slot.Value.AlertedPercent;
        foreach (var bucket in _buckets)
        {
            highest = Math.Max(highest, bucket.Value.AlertedPercent);
        }
        return highest;
    }

    public NanoUsd RemainingOf(LiveSlot slot, NanoUsd limit) => Left(limit, SpentIn(slot), HeldIn(slot));

    /// <summary>When a calendar window ends, or when enough has left a rolling one that an amount fits.</summary>
    public DateTimeOffset ResetOf(LiveSlot slot, NanoUsd limit, NanoUsd amount)
    {
        if (!Book.Window.IsRolling)
        {
            return slot.Window.End;
        }
        var excess = (Int128)_spent + _held + amount.Value - limit.Value;
        foreach (var bucket in _buckets)
        {
            var before = excess;
            excess -= (Int128)bucket.Value.Spent + bucket.Value.Held;
            if (excess < before && excess <= 0)
            {
                return bucket.Window.End + Book.Window.Length;
            }
        }
        return Current.Window.End + Book.Window.Length;
    }

    internal void OnChange(in BudgetSlot before, in BudgetSlot after)
    {
        _spent = checked(_spent + after.Spent - before.Spent);
        _held = checked(_held + after.Held - before.Held);
    }

    internal static NanoUsd Left(NanoUsd limit, long spent, long held) =>
        new(Math.Max(0, long.CreateSaturating((Int128)limit.Value - spent - held)));

    private void RollOn(DateTimeOffset now, SlotCache slots)
    {
        var current = Book.SpanAround(now);
        for (var i = _buckets.Count - 1; i >= 0; i--)
        {
            if (_buckets[i].Window.End + Book.Window.Length <= current.Start)
            {
                Drop(_buckets[i], slots);
                _buckets.RemoveAt(i);
            }
        }
        Current = _buckets.Find(bucket => bucket.Window == current) ?? Show(Book.Slot(Scope, current, Book.SlotsPerWindow - 1), null, slots);
    }

    private void Reload(DateTimeOffset now, SlotCache slots, ReadOnlySpan<LoadedSlot> loaded)
    {
        // Buckets that lie ahead of a clock that went back stay: nobody may spend them twice.
        var current = Book.SpanAround(now);
        var ahead = _buckets.Where(bucket => bucket.Window.Start > current.Start).ToList();
        foreach (var bucket in _buckets.Except(ahead))
        {
            Drop(bucket, slots);
        }
        _buckets.Clear();
        for (var i = 0; i < Book.SlotsPerWindow; i++)
        {
            var name = loaded.IsEmpty ? Book.Slot(Scope, current, i) : loaded[i].Name;
            var value = loaded.IsEmpty ? slots.Read(name.Key) : loaded[i].Value;
            // Most buckets are empty: they take no memory.
            if (value != default || slots.IsLive(name.Key) || name.Window == current)
            {
                Current = Show(name, value, slots);
            }
        }
        _buckets.AddRange(ahead);
    }

    private LiveSlot Show(in SlotReference name, BudgetSlot? loaded, SlotCache slots)
    {
        var slot = slots.Acquire(name, loaded);
        slot.View = this;
        OnChange(default, slot.Value);
        _buckets.Add(slot);
        return slot;
    }

    private void Drop(LiveSlot bucket, SlotCache slots)
    {
        bucket.View = null;
        OnChange(bucket.Value, default);
        slots.Release(bucket);
    }
}
