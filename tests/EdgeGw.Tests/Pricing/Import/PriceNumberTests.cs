using EdgeGw.Pricing.Import;

namespace EdgeGw.Tests.Pricing.Import;

public sealed class PriceNumberTests
{
    [Theory]
    [InlineData("2.5e-06", 6, "2.5", false)]
    [InlineData("1e-7", 6, "0.1", false)]
    [InlineData("1.25E-05", 6, "12.5", false)]
    [InlineData("0.0000001", 6, "0.1", false)]
    [InlineData("3", 0, "3", false)]
    [InlineData("0.10", 0, "0.1", false)]
    [InlineData("0", 6, "0", false)]
    [InlineData("0.0", 6, "0", false)]
    [InlineData("12", -3, "0.012", false)]
    [InlineData("2e3", 0, "2000", false)]
    [InlineData("1e-15", 6, "0.000000001", false)]
    [InlineData("1.1e-15", 6, "0.000000002", true)]
    [InlineData("1e-60", 6, "0.000000001", true)]
    [InlineData("1.9999999999999998e-07", 6, "0.2", true)]
    public void Number_is_read_to_the_last_digit(string text, int power, string expected, bool rounded)
    {
        Assert.True(PriceNumber.TryParse(text, power, PriceNumber.TokenDecimals, out var price, out var isRounded));
        Assert.Equal((decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), rounded), (price, isRounded));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1e")]
    [InlineData("1e99999999999")]
    [InlineData("1e40")]
    [InlineData("")]
    [InlineData("0x1")]
    [InlineData("99999999999999999999999999")]
    public void What_is_no_price_is_refused(string text) => Assert.False(PriceNumber.TryParse(text, 6, PriceNumber.TokenDecimals, out _, out _));
}
