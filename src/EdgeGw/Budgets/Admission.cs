using EdgeGw.Configuration;
using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>Whether all budgets of a call have room for it.</summary>
internal static class Admission
{
    /// <summary>Null: the call may go on. Else the budget that refuses it, or that sends it to a cheaper model.</summary>
    /// <param name="downgraded">The call goes already where such budgets want it, and passes them.</param>
    /// <param name="passed">Budgets without room that let it pass; null: none.</param>
    public static BudgetRefusal? Decide(ReadOnlySpan<HeldSlot> slots, NanoUsd amount, bool downgraded, out List<BudgetRefusal>? passed)
    {
        passed = null;
        BudgetRefusal? blocked = null;
        // A call that cannot cost anything (a local model) passes an exhausted budget: acceptance case 40.
        if (amount == NanoUsd.Zero)
        {
            return null;
        }
        foreach (var held in slots)
        {
            if (held.HasRoomFor(amount))
            {
                continue;
            }
            var action = held.Rule.AtLimit;
            var excess = new BudgetRefusal(held.Rule.Name, held.Account.Scope, held.Limit, held.Remaining, held.Reset(amount))
            {
                Action = action,
                Downgrade = held.Rule.Downgrade,
            };
            if (action == AtLimit.Downgrade && !downgraded)
            {
                // Before any that blocks: the cheaper model may fit there.
                return excess;
            }
            if (action == AtLimit.Block)
            {
                // The tightest: what fits there fits everywhere.
                blocked = blocked is null || excess.Remaining < blocked.Remaining ? excess : blocked;
            }
            else
            {
                (passed ??= []).Add(excess);
            }
        }
        return blocked;
    }
}
