using EdgeGw.Configuration;

namespace EdgeGw.Budgets;

/// <summary>One concrete window: a half-open range of instants, UTC.</summary>
public readonly record struct WindowSpan(DateTimeOffset Start, DateTimeOffset End)
{
    public bool Contains(DateTimeOffset instant) => instant >= Start && instant < End;

    /// <summary>A budget's window around an instant: hours, or days, weeks and months that are cut at midnight of the budget's zone.</summary>
    public static WindowSpan Around(DateTimeOffset instant, BudgetConfig budget)
    {
        if (budget.Window == BudgetWindow.Hour)
        {
            return HourAround(instant, budget.TimeZone);
        }
        var first = FirstDay(TimeZoneInfo.ConvertTime(instant, budget.TimeZone).Date, budget);
        var next = budget.Window switch
        {
            BudgetWindow.Month => first.AddMonths(1),
            BudgetWindow.Week => first.AddDays(7),
            _ => first.AddDays(1),
        };
        return new WindowSpan(FirstInstantOf(first, budget.TimeZone), FirstInstantOf(next, budget.TimeZone));
    }

    private static DateTime FirstDay(DateTime date, BudgetConfig budget) => budget.Window switch
    {
        BudgetWindow.Month => new DateTime(date.Year, date.Month, budget.MonthStart).AddMonths(date.Day < budget.MonthStart ? -1 : 0),
        BudgetWindow.Week => date.AddDays(-(((int)date.DayOfWeek - (int)budget.WeekStart + 7) % 7)),
        _ => date,
    };

    /// <summary>By standard time alone, so that every hour has sixty minutes, also where daylight saving moves the clock by half of one.</summary>
    private static WindowSpan HourAround(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var offset = zone.BaseUtcOffset.Ticks;
        var hours = Math.DivRem(instant.UtcTicks + offset, TimeSpan.TicksPerHour).Quotient;
        var start = new DateTimeOffset((hours * TimeSpan.TicksPerHour) - offset, TimeSpan.Zero);
        return new WindowSpan(start, start.AddHours(1));
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
