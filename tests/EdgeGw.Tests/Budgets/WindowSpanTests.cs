using EdgeGw.Budgets;
using EdgeGw.Configuration;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Budgets;

public sealed class WindowSpanTests
{
    private static readonly string[] Zones =
        ["UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe", "America/Havana"];

    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Arbitrary<(DateTimeOffset Instant, TimeZoneInfo Zone, BudgetWindow Window)> Cases = (
        from minute in Gen.Choose(0, 40 * 366 * 24 * 60)
        from zone in Gen.Elements(Zones)
        from window in Gen.Elements(BudgetWindow.Day, BudgetWindow.Month)
        select (Epoch.AddMinutes(minute), TimeZoneInfo.FindSystemTimeZoneById(zone), window)).ToArbitrary();

    [Fact]
    public void Around_any_instant_contains_it()
    {
        Prop.ForAll(Cases, c => WindowSpan.Around(c.Instant, c.Window, c.Zone).Contains(c.Instant)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Around_the_end_of_a_window_starts_the_next_without_gap_or_overlap()
    {
        Prop.ForAll(Cases, c =>
        {
            var span = WindowSpan.Around(c.Instant, c.Window, c.Zone);
            return WindowSpan.Around(span.End, c.Window, c.Zone).Start == span.End && WindowSpan.Around(span.End.AddTicks(-1), c.Window, c.Zone) == span;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Start_is_the_first_instant_of_its_local_period()
    {
        Prop.ForAll(Cases, c =>
        {
            var span = WindowSpan.Around(c.Instant, c.Window, c.Zone);
            return PeriodOf(span.Start, c.Window, c.Zone) == PeriodOf(c.Instant, c.Window, c.Zone)
                && PeriodOf(span.Start.AddTicks(-1), c.Window, c.Zone) < PeriodOf(c.Instant, c.Window, c.Zone);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("2026-03-29T12:00:00Z", "Europe/Berlin", 23)]
    [InlineData("2026-10-25T12:00:00Z", "Europe/Berlin", 25)]
    [InlineData("2026-06-01T12:00:00Z", "Europe/Berlin", 24)]
    public void Day_around_a_daylight_saving_change_has_its_true_length(string instant, string zone, int hours)
    {
        var span = WindowSpan.Around(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture), BudgetWindow.Day, TimeZoneInfo.FindSystemTimeZoneById(zone));
        Assert.Equal(hours, (span.End - span.Start).TotalHours);
    }

    private static DateTime PeriodOf(DateTimeOffset instant, BudgetWindow window, TimeZoneInfo zone)
    {
        var date = TimeZoneInfo.ConvertTime(instant, zone).Date;
        return window == BudgetWindow.Day ? date : new DateTime(date.Year, date.Month, 1);
    }
}
