using System.Numerics;
using EdgeGw.Pricing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Pricing;

public sealed class UnitPriceTests
{
    [Theory]
    [InlineData("2.5", 2_500_000_000)]
    [InlineData("0.003625", 3_625_000)]
    [InlineData("0.000000001", 1)]
    [InlineData("0.0000000001", 1)]
    [InlineData("0", 0)]
    public void Decimal_prices_are_exact_to_nine_places_and_rounded_up_beyond(string dollars, long nano) =>
        Assert.Equal(nano, UnitPrice.FromDollarsPerMillion(decimal.Parse(dollars)).NanoUsdPerMillion);

    [Theory]
    [InlineData("-0.1")]
    [InlineData("10000000000")]
    public void Impossible_prices_are_refused(string dollars) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => UnitPrice.FromDollarsPerMillion(decimal.Parse(dollars)));

    [Fact]
    public void Fees_are_per_unit() => Assert.Equal(UnitPrice.FromDollarsPerMillion(10_000), UnitPrice.FromDollarsPerUnit(0.01m));

    [Fact]
    public void Cost_is_the_exact_quotient_rounded_up_once()
    {
        var cases =
            from units in Gen.OneOf(Gen.Choose(-10, 1000).Select(n => (long)n), Gen.Choose(0, int.MaxValue).Select(n => (long)n * 1000))
            from price in Gen.OneOf(Gen.Choose(0, 1000).Select(n => (long)n), Gen.Choose(0, int.MaxValue).Select(n => (long)n * 1_000_000))
            from numerator in Gen.Choose(0, 20)
            from denominator in Gen.Choose(1, 20)
            select (units, price, factor: new Multiplier(numerator, denominator));
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var dividend = new BigInteger(Math.Max(0, c.units)) * c.price * c.factor.Numerator;
            var exact = (dividend + (1_000_000 * c.factor.Denominator) - 1) / (1_000_000 * c.factor.Denominator);
            if (exact > long.MaxValue)
            {
                Assert.Throws<OverflowException>(() => new UnitPrice(c.price).CostOf(c.units, c.factor));
            }
            else
            {
                Assert.Equal(exact, new UnitPrice(c.price).CostOf(c.units, c.factor).Value);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Overflow_throws_instead_of_wrapping()
    {
        Assert.Throws<OverflowException>(() => new UnitPrice(long.MaxValue).CostOf(long.MaxValue, Multiplier.One));
        Assert.Throws<OverflowException>(() => new UnitPrice(long.MaxValue).CostOf(long.MaxValue, new Multiplier(1_000_000, 1)));
        Assert.Equal(long.MaxValue, new UnitPrice(1_000_000).CostOf(long.MaxValue, Multiplier.One).Value);
        Assert.Equal(1, new UnitPrice(1).CostOf(1, Multiplier.One).Value);
    }

    [Theory]
    [InlineData("1/2", 1, 2)]
    [InlineData("2", 2, 1)]
    [InlineData("20/11", 20, 11)]
    public void Multipliers_are_fractions(string text, int numerator, int denominator)
    {
        Assert.True(Multiplier.TryParse(text, out var multiplier));
        Assert.Equal(new Multiplier(numerator, denominator), multiplier);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1/0")]
    [InlineData("-1/2")]
    [InlineData("0.5")]
    [InlineData("1/")]
    [InlineData("1000001")]
    public void Other_texts_are_no_multipliers(string text) => Assert.False(Multiplier.TryParse(text, out _));
}
