using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Hosting.DryRuns;
using EdgeGw.Identity;
using EdgeGw.Matching;
using EdgeGw.Pricing;

namespace EdgeGw.Tests.Hosting.DryRuns;

public sealed class TrialBudgetsTests
{
    private static readonly DateTimeOffset Monday = new(2026, 7, 6, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Correction_of_a_charge_whose_window_is_over_changes_nobody_who_came_later()
    {
        var budgets = new TrialBudgets([new BudgetConfig { Name = "daily", Amount = new NanoUsd(100), Window = BudgetWindow.Day, Per = [CallDimension.User] }]);
        var charged = budgets.End(Held("ann", Monday), new NanoUsd(60));
        budgets.End(Held("ann", Monday.AddDays(1)), new NanoUsd(10)); // Monday's slot falls out of use,
        var bob = Held("bob", Monday.AddDays(1)); // and its object becomes Bob's.
        budgets.End(bob, new NanoUsd(60));

        budgets.Correct(charged, new NanoUsd(-60));

        Assert.NotNull(budgets.TryHold(Subject("bob"), new NanoUsd(50), Monday.AddDays(1), downgraded: false).Refusal);

        Hold Held(string user, DateTimeOffset now) => budgets.TryHold(Subject(user), new NanoUsd(10), now, downgraded: false).Hold!;
    }

    private static CallSubject Subject(string user) => new(new Principal { User = user }, "openai", "big", new Dictionary<string, string>());
}
