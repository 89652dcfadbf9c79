using EdgeGw.Configuration;

namespace EdgeGw.Budgets;

/// <summary>One concrete window: a half-open range of instants, UTC.</summary>
public readonly record struct WindowSpan(DateTimeOffset Start, DateTimeOffset End)
{
    public bool Contains(DateTimeOffset instant) => instant >= Start && instant < End;

    /// <summary>The calendar window around an instant, cut at midnight of the given zone.</summary>
    public static WindowSpan Around(DateTimeOffset instant, BudgetWindow window, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone).Date;
        var first = window == BudgetWindow.Month ? new DateTime(local.Year, local.Month, 1) : local;
        return new WindowSpan(FirstInstantOf(first, zone), FirstInstantOf(Next(first, window), zone));
    }

    private static DateTime Next(DateTime first, BudgetWindow window) => window == BudgetWindow.Month ? first.AddMonths(1) : first.AddDays(1);

    /// <summary>The earliest instant whose local date is the given one; daylight saving can skip midnight or repeat it.</summary>
    private static DateTimeOffset FirstInstantOf(DateTime midnight, TimeZoneInfo zone)
    {
        // Skipped (Cairo, Beirut, once Sao Paulo): the day starts where the gap ends. Gaps end on a whole minute.
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(1);
        }
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }
}
