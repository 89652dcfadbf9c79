namespace EdgeGw.Budgets;

/// <summary>A slot as the store held it when it was read ahead, outside of the ledger's lock: that may wait for the disk.</summary>
internal readonly record struct LoadedSlot(SlotReference Name, BudgetSlot Value);
