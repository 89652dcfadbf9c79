using System.Collections.Frozen;
using EdgeGw.Pricing;

namespace EdgeGw.Configuration;

/// <summary>An amount that may be spent in a window, shared by all callers or split by dimensions.</summary>
public sealed record BudgetConfig
{
    public required string Name { get; init; }

    /// <summary>Null: every call.</summary>
    public CallMatch? Match { get; init; }

    /// <summary>Dimensions that split the budget into slots, one for each combination of values; empty: one slot shared by all.</summary>
    public IReadOnlyList<CallDimension> Per { get; init; } = [];

    public required NanoUsd Amount { get; init; }

    /// <summary>Amounts of members of groups, instead of <see cref="Amount"/>; of several the highest.</summary>
    public IReadOnlyDictionary<string, NanoUsd> GroupAmounts { get; init; } = FrozenDictionary<string, NanoUsd>.Empty;

    public required BudgetWindow Window { get; init; }

    public AtLimit AtLimit { get; init; }

    /// <summary>The alias or <c>provider/model</c> that calls go to when the amount is used up; only with <see cref="AtLimit.Downgrade"/>.</summary>
    public string? Downgrade { get; init; }

    /// <summary>Running streams are stopped, too, when what was set aside for them is used up and there is no more.</summary>
    public bool Hard { get; init; }

    /// <summary>Percentages of the amount, ascending, at which the operator is told, each once in a window.</summary>
    public IReadOnlyList<int> Alerts { get; init; } = [];
}
