using System.Runtime.InteropServices;

namespace EdgeGw.Budgets;

/// <summary>What the store holds of some accounts, read ahead, outside of the ledger's lock: that may wait for the disk. To be used again.</summary>
internal sealed class LoadedSlots
{
    private readonly List<LoadedSlot> _slots = [];
    private readonly List<int> _ends = [];

    public void Clear()
    {
        _slots.Clear();
        _ends.Clear();
    }

    public void Add(in SlotReference name, in BudgetSlot value) => _slots.Add(new LoadedSlot(name, value));

    /// <summary>What was added since belongs to the next account; nothing where that is in use.</summary>
    public void EndAccount() => _ends.Add(_slots.Count);

    /// <summary>The slots of an account, the current one last; empty: it was in use.</summary>
    public ReadOnlySpan<LoadedSlot> Of(int account)
    {
        var start = account == 0 ? 0 : _ends[account - 1];
        return CollectionsMarshal.AsSpan(_slots)[start.._ends[account]];
    }
}

internal readonly record struct LoadedSlot(SlotReference Name, BudgetSlot Value);
