using EdgeGw.Configuration;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Configuration;

public sealed class ValueTextTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("10s", 10)]
    [InlineData("2m", 120)]
    [InlineData("1h30m", 5400)]
    [InlineData("90d", 7_776_000)]
    [InlineData("1d2h3m4s5ms", 93784.005)]
    [InlineData("0s", 0)]
    public void Duration_is_read(string text, double seconds)
    {
        Assert.True(DurationText.TryParse(text, out var value));
        Assert.Equal(seconds, value.TotalSeconds, 6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("-10s")]
    [InlineData("10 s")]
    [InlineData("1.5s")]
    [InlineData("s")]
    [InlineData("10S")]
    [InlineData("30m1h")]
    [InlineData("1m1m")]
    [InlineData("1w")]
    [InlineData("999999999d")]
    [InlineData("9999999999s")]
    [InlineData("１s")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void Formatted_duration_reads_back() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), milliseconds =>
        {
            var value = TimeSpan.FromMilliseconds(milliseconds);
            return DurationText.TryParse(DurationText.Format(value), out var back) && back == value;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("64MiB", 67_108_864)]
    [InlineData("32KiB", 32_768)]
    [InlineData("2GiB", 2_147_483_648)]
    [InlineData("10MB", 10_000_000)]
    [InlineData("7kB", 7_000)]
    [InlineData("5B", 5)]
    [InlineData("4096", 4096)]
    public void Size_is_read_and_formatted(string text, long expected)
    {
        Assert.True(ByteSizeText.TryParse(text, out var bytes));
        Assert.Equal(expected, bytes);
        Assert.True(ByteSizeText.TryParse(ByteSizeText.Format(bytes), out var back));
        Assert.Equal(expected, back);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("-1MiB")]
    [InlineData("1.5MiB")]
    [InlineData("1 MiB")]
    [InlineData("1mib")]
    [InlineData("9999999999999GiB")]
    public void What_is_no_size_is_refused(string text) => Assert.False(ByteSizeText.TryParse(text, out _));

    [Theory]
    [InlineData("0.1", "0.1")]
    [InlineData("20000", "20000")]
    [InlineData("-0.000000001", "-0.000000001")]
    [InlineData("999999999999999.999999999", "999999999999999.999999999")]
    public void Decimal_is_exact(string text, string expected)
    {
        Assert.True(DecimalText.TryParse(text, out var value));
        Assert.Equal(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("+5")]
    [InlineData("1e3")]
    [InlineData("1,5")]
    [InlineData(" 1")]
    [InlineData("1_000")]
    [InlineData("0.0000000001")]
    [InlineData("1000000000000000")]
    [InlineData("NaN")]
    [InlineData("٣")]
    public void What_is_no_plain_decimal_is_refused(string text) => Assert.False(DecimalText.TryParse(text, out _));

    [Theory]
    [InlineData("127.0.0.1:8080", "127.0.0.1:8080")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    [InlineData("[::1]:65535", "[::1]:65535")]
    [InlineData("0.0.0.0:1", "0.0.0.0:1")]
    public void Endpoint_is_read(string text, string expected)
    {
        Assert.True(EndpointText.TryParse(text, out var endpoint));
        Assert.Equal(expected, endpoint.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("8080")]
    [InlineData(":8080")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:+1")]
    [InlineData("127.0.0.1:99999")]
    [InlineData("127.1:80")]
    [InlineData("::1:80")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("example.com:80")]
    public void What_is_no_endpoint_is_refused(string text) => Assert.False(EndpointText.TryParse(text, out _));
}
