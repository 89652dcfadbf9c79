using EdgeGw.Pricing;

namespace EdgeGw.Configuration;

/// <summary>An amount that may be spent in a window, shared by all callers or split by dimensions.</summary>
public sealed record BudgetConfig
{
    public required string Name { get; init; }

    /// <summary>Dimensions that split the budget into slots; empty: one slot shared by all.</summary>
    public IReadOnlyList<BudgetDimension> Per { get; init; } = [];

    public required NanoUsd Amount { get; init; }
    public required BudgetWindow Window { get; init; }

    /// <summary>The IANA zone whose midnight starts a window.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;
}

/// <summary>What a budget may be split by.</summary>
public enum BudgetDimension : byte
{
    Key,
}

/// <summary>A calendar window in the budget's zone.</summary>
public enum BudgetWindow : byte
{
    Day,
    Month,
}
