using EdgeGw.Configuration;
using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>One scope of a budget in its running window, as reports show it.</summary>
/// <param name="Budget">The budget's name.</param>
/// <param name="Scope">The dimension values, such as <c>ci-bot</c>; empty for a shared budget.</param>
/// <param name="Limit">The amount, with what it is raised by.</param>
/// <param name="WindowEnd">When the window starts anew; of a rolling one, when the oldest spending leaves it.</param>
public sealed record BudgetStatus(
    string Budget, string Scope, NanoUsd Limit, NanoUsd Spent, NanoUsd Held, DateTimeOffset WindowStart, DateTimeOffset WindowEnd)
{
    public AtLimit Action { get; init; }

    public bool IsRolling { get; init; }

    /// <summary>What may still be held; never below zero.</summary>
    public NanoUsd Remaining => BudgetAccount.Left(Limit, Spent.Value, Held.Value);

    /// <summary>What will have been spent at the window's end if spending goes on as in the window so far. A rolling window has no end: what is in it.</summary>
    public NanoUsd Forecast(DateTimeOffset now)
    {
        var elapsed = now - WindowStart;
        return IsRolling || elapsed <= TimeSpan.Zero || now >= WindowEnd
            ? Spent
            : new NanoUsd(long.CreateSaturating((Int128)Spent.Value * (WindowEnd - WindowStart).Ticks / elapsed.Ticks));
    }

    /// <summary>When nothing will be left if spending goes on as in the window so far; null: not before the window ends.</summary>
    public DateTimeOffset? Exhaustion(DateTimeOffset now)
    {
        if (Spent >= Limit)
        {
            return now;
        }
        if (IsRolling || Forecast(now) <= Limit)
        {
            return null;
        }
        return WindowStart.AddTicks((long)((Int128)Limit.Value * (now - WindowStart).Ticks / Spent.Value));
    }
}
