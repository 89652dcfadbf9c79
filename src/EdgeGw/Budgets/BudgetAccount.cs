using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>What one scope of a budget has spent and holds in the window around now: one slot, or the buckets of a rolling window.</summary>
/// <remarks>
/// A rolling window of length W is counted in 61 buckets of W/60: the one that runs and the sixty before it, which cover at every instant
/// the last W and at most W/60 more. So no stretch of W ever holds more than the amount; what leaves, leaves up to W/60 late.
/// Only touched under the ledger's lock.
/// </remarks>
internal sealed class BudgetAccount(BudgetBook book, string scope)
{
    private readonly List<LiveSlot> _buckets = [];
    private long _spent;
    private long _held;

    public BudgetBook Book { get; } = book;

    public string Scope { get; } = scope;

    /// <summary>Where a call of now is charged.</summary>
    public LiveSlot Current { get; private set; } = null!;

    /// <summary>What it may spend by configuration, as the last caller's groups decided; null: no call has come since that was read.</summary>
    public NanoUsd? Amount { get; set; }

    public int OpenHolds { get; set; }

    /// <summary>Its scope was journaled for this window.</summary>
    public bool IsNamed { get; set; }

    /// <summary>Was put away: another object stands for the scope now, if any.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Used since the last look for accounts to put away.</summary>
    public bool IsRecent { get; set; }

    /// <summary>The slots that show the window around an instant, the current one last.</summary>
    public static SlotReference[] SlotsAround(BudgetBook book, string scope, DateTimeOffset now)
    {
        var current = WindowSpan.Around(now, book.Window);
        if (!book.Window.IsRolling)
        {
            return [new SlotReference(book.Budget, scope, current)];
        }
        var width = current.End - current.Start;
        var slots = new SlotReference[WindowSpan.BucketsPerWindow + 1];
        for (var i = 0; i < slots.Length; i++)
        {
            var age = (WindowSpan.BucketsPerWindow - i) * width;
            slots[i] = new SlotReference(book.Budget, scope, new WindowSpan(current.Start - age, current.End - age), IsBucket: true);
        }
        return slots;
    }

    /// <summary>Brings the window to an instant.</summary>
    /// <param name="loaded">What the store holds of <see cref="SlotsAround"/>, where it was read ahead; null: still to be read.</param>
    public void MoveTo(DateTimeOffset now, SlotCache slots, LoadedSlot[]? loaded = null)
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
                : slots.Acquire(new SlotReference(Book.Budget, Scope, WindowSpan.Around(now, Book.Window)));
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
        IsClosed = true;
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
        var current = WindowSpan.Around(now, Book.Window);
        for (var i = _buckets.Count - 1; i >= 0; i--)
        {
            if (_buckets[i].Window.End + Book.Window.Length <= current.Start)
            {
                Drop(_buckets[i], slots);
                _buckets.RemoveAt(i);
            }
        }
        Current = _buckets.Find(bucket => bucket.Window == current) ?? Show(new SlotReference(Book.Budget, Scope, current, IsBucket: true), null, slots);
    }

    private void Reload(DateTimeOffset now, SlotCache slots, LoadedSlot[]? loaded)
    {
        // Buckets that lie ahead of a clock that went back stay: nobody may spend them twice.
        var current = WindowSpan.Around(now, Book.Window);
        var ahead = _buckets.Where(bucket => bucket.Window.Start > current.Start).ToList();
        foreach (var bucket in _buckets.Except(ahead))
        {
            Drop(bucket, slots);
        }
        _buckets.Clear();
        loaded ??= [.. SlotsAround(Book, Scope, now).Select(name => new LoadedSlot(name, slots.Read(name.Key)))];
        foreach (var (name, value) in loaded)
        {
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
