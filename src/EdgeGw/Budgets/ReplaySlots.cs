using System.Runtime.InteropServices;
using EdgeGw.Storage;

namespace EdgeGw.Budgets;

/// <summary>The slots that a replay is changing, in front of the counter store: a call's hold and its end are one read and one write there.</summary>
internal sealed class ReplaySlots(CounterStore<BudgetSlot> store)
{
    private const int MostSlots = 1 << 16;

    private readonly Dictionary<CounterKey, BudgetSlot> _slots = [];

    /// <summary>The slot, to be changed in place before the next call.</summary>
    public ref BudgetSlot this[in CounterKey key]
    {
        get
        {
            if (_slots.Count == MostSlots && !_slots.ContainsKey(key))
            {
                WriteBack();
            }
            ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, key, out var known);
            if (!known)
            {
                store.TryRead(key, out slot);
            }
            return ref slot;
        }
    }

    /// <summary>Brings the store up to what was changed.</summary>
    public void WriteBack()
    {
        foreach (var (key, slot) in _slots)
        {
            store.Write(key, slot);
        }
        _slots.Clear();
    }
}
