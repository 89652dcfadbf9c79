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

    private static readonly Arbitrary<(DateTimeOffset Instant, BudgetWindow Window)> Cases = (
        from minute in Gen.Choose(0, 40 * 366 * 24 * 60)
        from zone in Gen.Elements(Zones)
        from kind in Gen.Elements(Enum.GetValues<WindowKind>())
        from weekStart in Gen.Elements(Enum.GetValues<DayOfWeek>())
        from monthStart in Gen.Choose(1, 28)
        from length in Gen.Choose(60, 366 * 24 * 3600)
        select (Epoch.AddMinutes(minute), kind == WindowKind.Rolling
            ? BudgetWindow.Rolling(TimeSpan.FromSeconds(length))
            : new BudgetWindow { Kind = kind, Zone = TimeZoneInfo.FindSystemTimeZoneById(zone), WeekStart = weekStart, MonthStart = monthStart })).ToArbitrary();

    [Fact]
    public void Around_any_instant_contains_it()
    {
        Prop.ForAll(Cases, c => WindowSpan.Around(c.Instant, c.Window).Contains(c.Instant)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Around_the_end_of_a_window_starts_the_next_without_gap_or_overlap()
    {
        Prop.ForAll(Cases, c =>
        {
            var span = WindowSpan.Around(c.Instant, c.Window);
            return WindowSpan.Around(span.End, c.Window).Start == span.End && WindowSpan.Around(span.End.AddTicks(-1), c.Window) == span;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Start_is_the_first_instant_of_its_local_period()
    {
        Prop.ForAll(Cases, c =>
        {
            var span = WindowSpan.Around(c.Instant, c.Window);
            return PeriodOf(span.Start, c.Window) == PeriodOf(c.Instant, c.Window) && PeriodOf(span.Start.AddTicks(-1), c.Window) < PeriodOf(c.Instant, c.Window);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("2026-03-29T12:00:00Z", "Europe/Berlin", 23)]
    [InlineData("2026-10-25T12:00:00Z", "Europe/Berlin", 25)]
    [InlineData("2026-06-01T12:00:00Z", "Europe/Berlin", 24)]
    public void Day_around_a_daylight_saving_change_has_its_true_length(string instant, string zone, int hours)
    {
        var span = WindowSpan.Around(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture), In(BudgetWindow.Day, zone));
        Assert.Equal(hours, (span.End - span.Start).TotalHours);
    }

    [Theory]
    [InlineData("2026-11-22T10:00:00Z", DayOfWeek.Monday, "2026-11-16", "2026-11-23")]
    [InlineData("2026-11-22T10:00:00Z", DayOfWeek.Sunday, "2026-11-22", "2026-11-29")]
    public void Week_starts_with_its_day(string instant, DayOfWeek first, string start, string end)
    {
        var span = WindowSpan.Around(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture), BudgetWindow.Week with { WeekStart = first });
        Assert.Equal((start, end), (span.Start.ToString("yyyy-MM-dd", null), span.End.ToString("yyyy-MM-dd", null)));
    }

    [Theory]
    [InlineData("2026-03-14T23:59:59Z", 15, "2026-02-15", "2026-03-15")]
    [InlineData("2026-03-15T00:00:00Z", 15, "2026-03-15", "2026-04-15")]
    [InlineData("2028-02-29T12:00:00Z", 28, "2028-02-28", "2028-03-28")]
    [InlineData("2026-01-05T12:00:00Z", 28, "2025-12-28", "2026-01-28")]
    public void Month_starts_with_its_day(string instant, int first, string start, string end)
    {
        var span = WindowSpan.Around(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture), BudgetWindow.Month with { MonthStart = first });
        Assert.Equal((start, end), (span.Start.ToString("yyyy-MM-dd", null), span.End.ToString("yyyy-MM-dd", null)));
    }

    [Theory]
    [InlineData("2026-11-22T10:20:00Z", "Asia/Kathmandu", "10:15")]
    [InlineData("2026-11-22T10:10:00Z", "Asia/Kathmandu", "09:15")]
    [InlineData("2026-10-25T01:30:00Z", "Europe/Berlin", "01:00")]
    public void Hour_starts_with_a_full_hour_of_standard_time(string instant, string zone, string start)
    {
        var span = WindowSpan.Around(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture), In(BudgetWindow.Hour, zone));
        Assert.Equal((start, TimeSpan.FromHours(1)), (span.Start.ToString("HH:mm", null), span.End - span.Start));
    }

    private static BudgetWindow In(BudgetWindow window, string zone) => window with { Zone = TimeZoneInfo.FindSystemTimeZoneById(zone) };

    /// <summary>The number of the period by walking day by day, without the arithmetic of the real one; of a bucket its index.</summary>
    private static DateTime PeriodOf(DateTimeOffset instant, BudgetWindow window)
    {
        switch (window.Kind)
        {
            case WindowKind.Hour:
                var standard = instant.UtcDateTime + window.Zone.BaseUtcOffset;
                return new DateTime(standard.Year, standard.Month, standard.Day, standard.Hour, 0, 0);
            case WindowKind.Rolling:
                return new DateTime(instant.UtcTicks / (window.Length.Ticks / 60));
        }
        var date = TimeZoneInfo.ConvertTime(instant, window.Zone).Date;
        while (window.Kind switch
        {
            WindowKind.Week => date.DayOfWeek != window.WeekStart,
            WindowKind.Month => date.Day != window.MonthStart,
            _ => false,
        })
        {
            date = date.AddDays(-1);
        }
        return date;
    }
}
