using System.Numerics;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Pricing;

/// <summary>Tier, place and the provider's factor together, against exact rational numbers that are never reduced.</summary>
public sealed class ComposedFactorPropertyTests
{
    private static readonly Gen<Multiplier> Factor =
        from numerator in Gen.Choose(0, 100_000)
        from denominator in Gen.Choose(1, 100_000)
        select new Multiplier(numerator, denominator);

    [Fact]
    public void Product_of_factors_is_exact() =>
        Prop.ForAll((from a in Factor from b in Factor from c in Factor select (a, b, c)).ToArbitrary(), f =>
        {
            var product = f.a * f.b * f.c;
            Assert.Equal(
                (BigInteger)product.Numerator * f.a.Denominator * f.b.Denominator * f.c.Denominator,
                (BigInteger)f.a.Numerator * f.b.Numerator * f.c.Numerator * product.Denominator);
            Assert.Equal(product, f.c * f.b * f.a);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Cost_at_three_factors_is_rounded_up_once_for_each_class()
    {
        var cases =
            from usage in CostPropertyTests.AnyUsage
            from input in Gen.Choose(1, 2_000_000_000)
            from output in Gen.Choose(1, 2_000_000_000)
            from cached in Gen.Choose(0, 2_000_000_000)
            from tier in Factor
            from place in Factor
            from factor in Factor
            from served in Gen.Elements(null, "slow", "standard")
            from geography in Gen.Elements(null, "us", "global")
            select (usage: usage with { AudioInput = 0, ImageInput = 0, CacheWrite = 0, AudioOutput = 0, ImageOutput = 0, Reasoning = 0, WebSearches = 0 },
                input, output, cached, tier, place, factor, served, geography);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var price = new ModelPrice
            {
                Id = "m",
                Rates = new PriceRates { Input = new UnitPrice(c.input), Output = new UnitPrice(c.output), CachedInput = new UnitPrice(c.cached) },
                ServiceTiers = [new ServiceTierPrice("slow", c.tier)],
                Places = [new PlaceFactor("us", c.place, ["*"], [])],
                Factor = c.factor,
            };
            BigInteger numerator = c.factor.Numerator;
            BigInteger denominator = c.factor.Denominator;
            if (c.served == "slow")
            {
                (numerator, denominator) = (numerator * c.tier.Numerator, denominator * c.tier.Denominator);
            }
            if (c.geography == "us")
            {
                (numerator, denominator) = (numerator * c.place.Numerator, denominator * c.place.Denominator);
            }
            var cachedTokens = Math.Min(c.usage.CachedInput, c.usage.Input);
            var expected = Ceiling((c.usage.Input - cachedTokens) * (BigInteger)c.input)
                + Ceiling(cachedTokens * (BigInteger)Math.Min(c.cached, c.input))
                + Ceiling(c.usage.Output * (BigInteger)c.output);
            if (expected > long.MaxValue)
            {
                Assert.Throws<OverflowException>(() => Charge());
                return;
            }
            Assert.Equal(expected, Charge().Value);

            NanoUsd Charge() => Cost.CostOf(c.usage, new PricedModel(price, CostSource.Catalogue), new ServedTerms { Tier = c.served, Geography = c.geography });

            BigInteger Ceiling(BigInteger nanoTimesMillion)
            {
                var whole = BigInteger.DivRem(nanoTimesMillion * numerator, denominator * 1_000_000, out var rest);
                return rest > 0 ? whole + 1 : whole;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }
}
