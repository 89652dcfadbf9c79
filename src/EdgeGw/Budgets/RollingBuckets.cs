using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>What one scope of a budget with a rolling window has spent and holds: the buckets around now, and their sums.</summary>
/// <remarks>
/// A window of length W is counted in 61 buckets of W/60: the one that runs and the sixty before it, which cover at every instant
/// the last W and at most W/60 more. So no stretch of W ever holds more than the amount; what leaves, leaves up to W/60 late.
/// Only touched under the ledger's lock.
/// </remarks>
internal sealed class RollingBuckets(BudgetBook book, string scope)
{
    private readonly List<LiveSlot> _buckets = [];

    public long Spent { get; private set; }

    public long Held { get; private set; }

    /// <summary>The highest alert that was given in any of them.</summary>
    public long HighestAlert
    {
        get
        {
            var highest = 0L;
            foreach (var bucket in _buckets)
            {
                highest = Math.Max(highest, bucket.Value.AlertedPercent);
            }
            return highest;
        }
    }

    /// <summary>Time has passed: what has left the window goes.</summary>
    /// <returns>The bucket that runs.</returns>
    public LiveSlot RollOn(DateTimeOffset now, SlotCache slots)
    {
        var current = book.SpanAround(now);
        for (var i = _buckets.Count - 1; i >= 0; i--)
        {
            if (_buckets[i].Window.End + book.Window.Length <= current.Start)
            {
                Drop(_buckets[i], slots);
                _buckets.RemoveAt(i);
            }
        }
        return _buckets.Find(bucket => bucket.Window == current) ?? Show(book.Slot(scope, current, book.SlotsPerWindow - 1), null, slots);
    }

    /// <summary>The first look, or the clock went back: what had left the window may be in it again.</summary>
    /// <param name="loaded">What the store holds of them, read ahead; empty: still to be read.</param>
    /// <returns>The bucket that runs.</returns>
    public LiveSlot Reload(DateTimeOffset now, SlotCache slots, ReadOnlySpan<LoadedSlot> loaded)
    {
        // Buckets that lie ahead of a clock that went back stay: nobody may spend them twice.
        var current = book.SpanAround(now);
        var ahead = _buckets.Where(bucket => bucket.Window.Start > current.Start).ToList();
        foreach (var bucket in _buckets.Except(ahead))
        {
            Drop(bucket, slots);
        }
        _buckets.Clear();
        for (var i = 0; i < book.SlotsPerWindow; i++)
        {
            var name = loaded.IsEmpty ? book.Slot(scope, current, i) : loaded[i].Name;
            var value = loaded.IsEmpty ? slots.Read(name.Key) : loaded[i].Value;
            // Most buckets are empty: they take no memory.
            if (value != default || slots.IsLive(name.Key) || name.Window == current)
            {
                Show(name, value, slots);
            }
        }
        var running = _buckets[^1];
        _buckets.AddRange(ahead);
        return running;
    }

    /// <summary>Gives them up.</summary>
    public void Close(SlotCache slots)
    {
        foreach (var bucket in _buckets)
        {
            Drop(bucket, slots);
        }
        _buckets.Clear();
    }

    /// <summary>When enough has left the window that an amount fits.</summary>
    public DateTimeOffset ResetOf(LiveSlot running, NanoUsd limit, NanoUsd amount)
    {
        var excess = (Int128)Spent + Held + amount.Value - limit.Value;
        foreach (var bucket in _buckets)
        {
            var before = excess;
            excess -= (Int128)bucket.Value.Spent + bucket.Value.Held;
            if (excess < before && excess <= 0)
            {
                return bucket.Window.End + book.Window.Length;
            }
        }
        return running.Window.End + book.Window.Length;
    }

    public void OnChange(in BudgetSlot before, in BudgetSlot after)
    {
        Spent = checked(Spent + after.Spent - before.Spent);
        Held = checked(Held + after.Held - before.Held);
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
