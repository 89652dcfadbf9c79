using System.Globalization;
using EdgeGw.Configuration;
using EdgeGw.Policy;

namespace EdgeGw.Tests.Policy;

public sealed class TimeFilterTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    // Winter is UTC+1, summer UTC+2.
    [InlineData("08:00", "18:00", "2025-01-15T06:59:59Z", false)]
    [InlineData("08:00", "18:00", "2025-01-15T07:00:00Z", true)]
    [InlineData("08:00", "18:00", "2025-07-15T06:00:00Z", true)]
    [InlineData("08:00", "18:00", "2025-07-15T16:00:00Z", false)]
    // On 30 March 2025 02:00 to 03:00 does not exist; on 26 October 2025 it comes twice.
    [InlineData("02:00", "03:00", "2025-03-30T00:59:59Z", false)]
    [InlineData("02:00", "03:00", "2025-03-30T01:00:00Z", false)]
    [InlineData("02:00", "03:00", "2025-10-26T00:30:00Z", true)]
    [InlineData("02:00", "03:00", "2025-10-26T01:30:00Z", true)]
    [InlineData("02:00", "03:00", "2025-10-26T02:00:00Z", false)]
    // Over midnight.
    [InlineData("22:00", "06:00", "2025-01-15T21:00:00Z", true)]
    [InlineData("22:00", "06:00", "2025-01-15T04:59:59Z", true)]
    [InlineData("22:00", "06:00", "2025-01-15T05:00:00Z", false)]
    [InlineData("22:00", "24:00", "2025-01-15T22:59:59Z", true)]
    [InlineData("22:00", "24:00", "2025-01-15T23:00:00Z", false)]
    public void Span_is_of_the_wall_clock_of_its_zone(string from, string to, string moment, bool matches) =>
        Assert.Equal(matches, TimeFilter.Matches(Span(from, to), At(moment)));

    [Theory]
    // 17 January 2025 is a Friday; Berlin is an hour ahead.
    [InlineData("2025-01-17T20:59:59Z", false)]
    [InlineData("2025-01-17T21:00:00Z", true)]
    [InlineData("2025-01-18T04:59:59Z", true)]
    [InlineData("2025-01-18T21:00:00Z", false)]
    [InlineData("2025-01-17T04:00:00Z", false)]
    public void Span_over_midnight_belongs_to_the_day_on_which_it_begins(string moment, bool matches) =>
        Assert.Equal(matches, TimeFilter.Matches(Span("22:00", "06:00") with { Days = [DayOfWeek.Friday] }, At(moment)));

    private static TimeMatch Span(string from, string to) => new() { Zone = Berlin, From = Clock(from), To = Clock(to) };

    private static TimeSpan Clock(string text) => text == "24:00" ? TimeSpan.FromDays(1) : TimeSpan.Parse(text, CultureInfo.InvariantCulture);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
