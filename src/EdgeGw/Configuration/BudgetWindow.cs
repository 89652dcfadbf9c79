namespace EdgeGw.Configuration;

/// <summary>The stretch of time that a budget's amount is for: a calendar window in a zone, or a rolling one of any length.</summary>
public sealed record BudgetWindow
{
    /// <summary>The shortest and the longest rolling window.</summary>
    public static readonly TimeSpan ShortestRolling = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan LongestRolling = TimeSpan.FromDays(366);

    /// <summary>Sixty minutes, from a full hour of the zone's standard time.</summary>
    public static readonly BudgetWindow Hour = new() { Kind = WindowKind.Hour };
    public static readonly BudgetWindow Day = new() { Kind = WindowKind.Day };
    public static readonly BudgetWindow Week = new() { Kind = WindowKind.Week };
    public static readonly BudgetWindow Month = new() { Kind = WindowKind.Month };

    public required WindowKind Kind { get; init; }

    /// <summary>Of a rolling window; zero of a calendar window.</summary>
    public TimeSpan Length { get; init; }

    /// <summary>The day that a week starts with.</summary>
    public DayOfWeek WeekStart { get; init; } = DayOfWeek.Monday;

    /// <summary>The day that a month starts with, from 1 to 28.</summary>
    public int MonthStart { get; init; } = 1;

    /// <summary>The IANA zone whose midnight starts a calendar window.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>As the configuration writes it: <c>month</c>, <c>rolling 24h</c>.</summary>
    public string Text => IsRolling ? "rolling " + DurationText.Format(Length) : Kind.ToString().ToLowerInvariant();

    public bool IsRolling => Kind == WindowKind.Rolling;

    /// <exception cref="ArgumentOutOfRangeException">Shorter than a minute or longer than a year.</exception>
    public static BudgetWindow Rolling(TimeSpan length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, ShortestRolling);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, LongestRolling);
        return new BudgetWindow { Kind = WindowKind.Rolling, Length = length };
    }
}

/// <summary>The kinds of window.</summary>
public enum WindowKind : byte
{
    Day,
    Month,
    Week,
    Hour,
    Rolling,
}
