using EdgeGw.Storage;

namespace EdgeGw.Budgets;

/// <summary>Where slots are that are not in use.</summary>
internal interface ISlotStore
{
    /// <returns>False, and an empty slot: it was never written.</returns>
    bool TryRead(in CounterKey key, out BudgetSlot value);

    void Write(in CounterKey key, in BudgetSlot value);
}

/// <summary>On the disk.</summary>
internal sealed class StoredSlots(CounterStore<BudgetSlot> store) : ISlotStore
{
    public bool TryRead(in CounterKey key, out BudgetSlot value) => store.TryRead(key, out value);

    public void Write(in CounterKey key, in BudgetSlot value) => store.Write(key, value);
}

/// <summary>In memory alone, for budgets that are only tried.</summary>
internal sealed class MemorySlots : ISlotStore
{
    private readonly Dictionary<CounterKey, BudgetSlot> _slots = [];

    public bool TryRead(in CounterKey key, out BudgetSlot value) => _slots.TryGetValue(key, out value);

    public void Write(in CounterKey key, in BudgetSlot value) => _slots[key] = value;
}
