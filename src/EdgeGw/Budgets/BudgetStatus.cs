using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>One slot of a budget in its current window, as reports show it.</summary>
/// <param name="Budget">The budget's name.</param>
/// <param name="Scope">The slot's dimension values, such as <c>key=ci-bot</c>; empty for a shared budget.</param>
/// <param name="WindowEnd">When the slot starts anew.</param>
public sealed record BudgetStatus(
    string Budget, string Scope, NanoUsd Limit, NanoUsd Spent, NanoUsd Held, DateTimeOffset WindowStart, DateTimeOffset WindowEnd)
{
    /// <summary>What may still be held; never below zero.</summary>
    public NanoUsd Remaining => NanoUsd.Max(NanoUsd.Zero, Limit - Spent - Held);
}
