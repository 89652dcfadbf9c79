using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>One of the slots on which a call is held.</summary>
/// <param name="Rule">The budget that it is a slot of, as configured when the call came.</param>
/// <param name="Slot">Where the call is charged, also when its window has passed by then.</param>
/// <param name="Limit">What this caller's account may spend in its window.</param>
internal readonly record struct HeldSlot(BudgetRule Rule, BudgetAccount Account, LiveSlot Slot, NanoUsd Limit)
{
    public NanoUsd Remaining => Account.RemainingOf(Slot, Limit);

    public bool HasRoomFor(NanoUsd amount) => (Int128)Spent + Account.HeldIn(Slot) + amount.Value <= Limit.Value;

    /// <summary>In the window that the call is charged to.</summary>
    public long Spent => Account.SpentIn(Slot);

    public DateTimeOffset Reset(NanoUsd amount) => Account.ResetOf(Slot, Limit, amount);
}
