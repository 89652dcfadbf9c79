using EdgeGw.Identity;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;

namespace EdgeGw.Budgets;

/// <summary>What a caller's last call was held on: its next one like it needs no matching and no lookups.</summary>
/// <remarks>Immutable. Good as long as the rules are the same and none of the accounts was put away.</remarks>
internal sealed class CallPlan(BudgetRule[] rules, Principal principal, UsageRecord draft, CallPlan.Entry[] entries)
{
    private readonly string? _provider = draft.Provider;
    private readonly string? _model = draft.Model;

    public ReadOnlySpan<Entry> Entries => entries;

    public bool IsFor(BudgetRule[] current, Principal caller, UsageRecord call) =>
        ReferenceEquals(current, rules) && ReferenceEquals(caller, principal) && call.Provider == _provider && call.Model == _model;

    /// <param name="Amount">What the caller's account may spend by configuration.</param>
    internal readonly record struct Entry(BudgetRule Rule, BudgetAccount Account, NanoUsd Amount);
}
