using EdgeGw.Cli;

namespace EdgeGw.Tests.Cli;

public sealed class TimeTextTests
{
    [Theory]
    [InlineData("now", "2026-11-15T12:00:00Z")]
    [InlineData("2026-11-01", "2026-11-01T00:00:00Z")]
    [InlineData("2026-11-01T08:30:00Z", "2026-11-01T08:30:00Z")]
    [InlineData("2026-11-01T08:30:00.25Z", "2026-11-01T08:30:00.25Z")]
    [InlineData("2026-11-01T08:30:00+02:00", "2026-11-01T06:30:00Z")]
    [InlineData("-7d", "2026-11-08T12:00:00Z")]
    [InlineData("-1h30m", "2026-11-15T10:30:00Z")]
    public void Moment_is_read_as_utc(string text, string expected)
    {
        Assert.True(TimeText.TryParse(text, CliRun.Now, out var moment));
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), moment);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7d")]
    [InlineData("11/01/2026")]
    [InlineData("2026-13-01")]
    [InlineData("2026-02-30")]
    [InlineData("2026-11-01T08:30:00")]
    [InlineData("2026-11-01 08:30:00Z")]
    [InlineData("-999999d999h")]
    [InlineData("-9999999d")]
    public void What_is_no_moment_is_refused(string text) => Assert.False(TimeText.TryParse(text, CliRun.Now, out _));

    [Theory]
    [InlineData("90d", "2027-02-13T12:00:00Z")]
    [InlineData("2026-11-16", "2026-11-16T00:00:00Z")]
    public void Expiry_is_a_duration_or_a_moment_to_come(string text, string expected)
    {
        Assert.True(TimeText.TryParseExpiry(text, CliRun.Now, out var moment));
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), moment);
    }

    [Theory]
    [InlineData("0s")]
    [InlineData("-1d")]
    [InlineData("now")]
    [InlineData("2026-11-15")]
    [InlineData("9999999d")]
    public void Expiry_that_has_passed_or_cannot_be_is_refused(string text) => Assert.False(TimeText.TryParseExpiry(text, CliRun.Now, out _));
}
