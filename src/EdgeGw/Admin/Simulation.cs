using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Pricing;

namespace EdgeGw.Admin;

/// <summary>What would become of a call. Nothing was held, taken or counted for it.</summary>
/// <param name="Status">200, or that of the refusal.</param>
/// <param name="Code">The refusal's; null: the call would go out.</param>
/// <param name="Message">As the caller would read it.</param>
/// <param name="Policy">The policy that decides; null: none is for the call.</param>
public sealed record Simulation(int Status, string? Code, string? Message, string? Policy)
{
    /// <summary>Where the call would go; null: nowhere, since no target was found.</summary>
    public string? Provider { get; init; }
    public string? Model { get; init; }

    /// <summary>The policy that sends it elsewhere.</summary>
    public string? RoutedBy { get; init; }

    /// <summary>The used up budget for which it goes to a cheaper model.</summary>
    public string? DowngradedBy { get; init; }

    /// <summary>The cap on output that the gateway would put in.</summary>
    public long? GivenMaxOutput { get; init; }

    /// <summary>Every policy that matches, by name.</summary>
    public IReadOnlyList<SimulatedRule> Rules { get; init; } = [];

    /// <summary>The most that the call could cost; null: no price is known, or nothing bounds it.</summary>
    public NanoUsd? Hold { get; init; }

    public IReadOnlyList<SimulatedBudget> Budgets { get; init; } = [];

    public IReadOnlyList<SimulatedLimit> Limits { get; init; } = [];
}

/// <summary>A policy that matches a simulated call.</summary>
/// <param name="Conditions">What of its match was asked, and holds; empty: it is for every call.</param>
/// <param name="Result">What it says of this call, as <c>edgegw_policy_decisions_total</c> names it; for a demand that is met, <c>allowed</c>.</param>
public sealed record SimulatedRule(string Name, PolicyEffect Effect, bool Shadow, IReadOnlyList<string> Conditions, string Result);

/// <summary>A budget that applies to a simulated call.</summary>
public sealed record SimulatedBudget(BudgetStatus Status, bool Fits);

/// <summary>A rate limit that applies to a simulated call.</summary>
/// <param name="Scope">Whose; empty for a shared one.</param>
/// <param name="Needed">Units that the call would take.</param>
public sealed record SimulatedLimit(LimitConfig Limit, string Scope, long Remaining, long Needed)
{
    public bool Fits => Needed <= Remaining;
}
