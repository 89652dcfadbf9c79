using EdgeGw.Configuration;
using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>One scope of a budget in its running window, as reports show it.</summary>
/// <param name="Budget">The budget's name.</param>
/// <param name="Scope">The dimension values, such as <c>ci-bot</c>; empty for a shared budget.</param>
/// <param name="WindowEnd">When the window starts anew; of a rolling one, when the oldest spending leaves it.</param>
public sealed record BudgetStatus(
    string Budget, string Scope, NanoUsd Limit, NanoUsd Spent, NanoUsd Held, DateTimeOffset WindowStart, DateTimeOffset WindowEnd)
{
    public AtLimit Action { get; init; }

    /// <summary>What may still be held; never below zero.</summary>
    public NanoUsd Remaining => BudgetAccount.Left(Limit, Spent.Value, Held.Value);
}
