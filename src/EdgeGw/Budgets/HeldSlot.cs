using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>One of the slots on which a call is held.</summary>
/// <param name="Rule">The budget that it is a slot of, as configured when the call came.</param>
/// <param name="Limit">What this caller's slot may spend in its window.</param>
internal readonly record struct HeldSlot(BudgetRule Rule, SlotReference Slot, NanoUsd Limit)
{
    public NanoUsd RemainingOf(in BudgetSlot value) => NanoUsd.Max(NanoUsd.Zero, new NanoUsd(checked(Limit.Value - value.Spent - value.Held)));
}
