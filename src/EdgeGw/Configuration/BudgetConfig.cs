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

    /// <summary>The day that a week starts with.</summary>
    public DayOfWeek WeekStart { get; init; } = DayOfWeek.Monday;

    /// <summary>The day that a month starts with, from 1 to 28.</summary>
    public int MonthStart { get; init; } = 1;

    /// <summary>The IANA zone whose midnight starts a window.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    public AtLimit AtLimit { get; init; }
}

/// <summary>A calendar window in the budget's zone.</summary>
public enum BudgetWindow : byte
{
    Day,
    Month,
    Week,
    /// <summary>Sixty minutes, from a full hour of the zone's standard time.</summary>
    Hour,
}
