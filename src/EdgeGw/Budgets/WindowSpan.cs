using EdgeGw.Configuration;

namespace EdgeGw.Budgets;

/// <summary>A half-open range of instants, UTC: a calendar window, or one bucket of a rolling window.</summary>
public readonly record struct WindowSpan(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>How many buckets make the length of a rolling window. One more is counted, so that the sum covers the whole length at every instant.</summary>
    public const int BucketsPerWindow = 60;

    public bool Contains(DateTimeOffset instant) => instant.UtcTicks is var ticks && ticks >= Start.UtcTicks && ticks < End.UtcTicks;

    /// <summary>The span around an instant: an hour, or the days of a window that is cut at midnight of its zone, or a bucket.</summary>
    public static WindowSpan Around(DateTimeOffset instant, BudgetWindow window)
    {
        switch (window.Kind)
        {
            case WindowKind.Rolling:
                return Slice(instant, window.Length.Ticks / BucketsPerWindow, 0);
            case WindowKind.Hour:
                // By standard time alone, so that every hour has sixty minutes, also where daylight saving moves the clock by half of one.
                return Slice(instant, TimeSpan.TicksPerHour, window.Zone.BaseUtcOffset.Ticks);
        }
        var first = FirstDay(TimeZoneInfo.ConvertTime(instant, window.Zone).Date, window);
        var next = window.Kind switch
        {
            WindowKind.Month => first.AddMonths(1),
            WindowKind.Week => first.AddDays(7),
            _ => first.AddDays(1),
        };
        return new WindowSpan(FirstInstantOf(first, window.Zone), FirstInstantOf(next, window.Zone));
    }

    private static DateTime FirstDay(DateTime date, BudgetWindow window) => window.Kind switch
    {
        WindowKind.Month => new DateTime(date.Year, date.Month, window.MonthStart).AddMonths(date.Day < window.MonthStart ? -1 : 0),
        WindowKind.Week => date.AddDays(-(((int)date.DayOfWeek - (int)window.WeekStart + 7) % 7)),
        _ => date,
    };

    private static WindowSpan Slice(DateTimeOffset instant, long length, long offset)
    {
        var start = ((instant.UtcTicks + offset) / length * length) - offset;
        return new WindowSpan(new DateTimeOffset(start, TimeSpan.Zero), new DateTimeOffset(start + length, TimeSpan.Zero));
    }

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
