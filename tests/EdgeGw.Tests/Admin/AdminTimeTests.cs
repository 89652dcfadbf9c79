using EdgeGw.Admin;

namespace EdgeGw.Tests.Admin;

public sealed class AdminTimeTests
{
    private static readonly DateTimeOffset Now = new(2025, 11, 21, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2025-11-01", "2025-11-01T00:00:00Z")]
    [InlineData("2025-11-01T10:00:00Z", "2025-11-01T10:00:00Z")]
    [InlineData("2025-11-01T10:00:00.5Z", "2025-11-01T10:00:00.5Z")]
    [InlineData("2025-11-01T10:00:00+02:00", "2025-11-01T08:00:00Z")]
    [InlineData("24h", "2025-11-20T08:00:00Z")]
    [InlineData("7d", "2025-11-14T08:00:00Z")]
    [InlineData("2w", "2025-11-07T08:00:00Z")]
    public void Past_times_are_read(string text, string expected)
    {
        Assert.True(AdminTime.TryParsePast(text, Now, out var time));
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("-1h")]
    [InlineData("1 h")]
    [InlineData("1y")]
    [InlineData("999999999d")]
    [InlineData("99999999999d")]
    [InlineData("2025-11-31")]
    [InlineData("11/01/2025")]
    public void Everything_else_is_refused(string text) => Assert.False(AdminTime.TryParsePast(text, Now, out _));

    [Fact]
    public void Spans_count_forward_for_the_future()
    {
        Assert.True(AdminTime.TryParseFuture("90d", Now, out var time));
        Assert.Equal(Now.AddDays(90), time);
    }
}
