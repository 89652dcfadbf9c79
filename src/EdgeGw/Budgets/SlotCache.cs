using EdgeGw.Storage;

namespace EdgeGw.Budgets;

/// <summary>The slots in use, in front of the counter store, to which they are written when they fall out of use and at each checkpoint.</summary>
/// <remarks>The store is itself a cache of the journal, so nothing is lost when a crash takes what was not written. Only used under the ledger's lock.</remarks>
internal sealed class SlotCache(ISlotStore store)
{
    // Objects that have lived long are used again: dead ones cost a collection of all that there are.
    private const int MostSpare = 1_024;

    private readonly Dictionary<CounterKey, LiveSlot> _live = [];
    private readonly Stack<LiveSlot> _spare = [];

    public int Count => _live.Count;

    /// <summary>Rises whenever a slot leaves: what was read from the store before may be outdated.</summary>
    public long Departures { get; private set; }

    /// <summary>The slot, from now on in use; <see cref="Release"/> ends that.</summary>
    /// <param name="loaded">What the store was read to hold, if it was and nothing has left since.</param>
    public LiveSlot Acquire(in SlotReference name, BudgetSlot? loaded = null)
    {
        if (!_live.TryGetValue(name.Key, out var slot))
        {
            slot = _spare.TryPop(out var spare) ? spare : new LiveSlot();
            slot.Begin(name.Key, name.Window);
            if (loaded is { } value)
            {
                slot.Value = value;
            }
            else
            {
                store.TryRead(name.Key, out slot.Value);
            }
            _live.Add(name.Key, slot);
        }
        slot.Users++;
        return slot;
    }

    public bool IsLive(in CounterKey key) => _live.ContainsKey(key);

    /// <summary>Null: not in use, so that the store is right.</summary>
    public BudgetSlot? LiveValue(in CounterKey key) => _live.TryGetValue(key, out var slot) ? slot.Value : null;

    public BudgetSlot Read(in CounterKey key)
    {
        if (LiveValue(key) is { } value)
        {
            return value;
        }
        store.TryRead(key, out var stored);
        return stored;
    }

    public void Release(LiveSlot slot)
    {
        if (--slot.Users > 0)
        {
            return;
        }
        WriteBack(slot);
        _live.Remove(slot.Key);
        Departures++;
        if (_spare.Count < MostSpare)
        {
            _spare.Push(slot);
        }
    }

    public void Change(LiveSlot slot, in BudgetSlot value)
    {
        slot.View?.OnChange(slot.Value, value);
        slot.Value = value;
        slot.IsDirty = true;
    }

    /// <summary>Changes a slot that need not be in use.</summary>
    public void Correct(in CounterKey key, long delta, long sequence)
    {
        if (_live.TryGetValue(key, out var slot))
        {
            Change(slot, slot.Value.WithCorrection(delta, sequence));
            return;
        }
        store.TryRead(key, out var value);
        store.Write(key, value.WithCorrection(delta, sequence));
        Departures++;
    }

    /// <summary>What differs from the store now. Each must go through <see cref="WriteBack"/> for a checkpoint to hold it.</summary>
    public List<LiveSlot> Dirty() => [.. _live.Values.Where(static slot => slot.IsDirty)];

    public void WriteBack(LiveSlot slot)
    {
        if (slot.IsDirty)
        {
            store.Write(slot.Key, slot.Value);
            slot.IsDirty = false;
        }
    }
}
