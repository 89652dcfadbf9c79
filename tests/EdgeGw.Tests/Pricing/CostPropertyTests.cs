using System.Numerics;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Pricing;

public sealed class CostPropertyTests
{
    private static readonly Gen<long> Tokens = Gen.Frequency(
        (1, Gen.Constant(0L)), (3, Gen.Choose(0, 2000).Select(n => (long)n)), (3, Gen.Choose(0, 500_000).Select(n => (long)n)), (1, Gen.Choose(0, int.MaxValue).Select(n => (long)n)));

    internal static readonly Gen<Usage> AnyUsage =
        from input in Tokens
        from cached in Tokens
        from write in Tokens
        from write1h in Tokens
        from audio in Tokens
        from image in Tokens
        from output in Tokens
        from reasoning in Tokens
        from audioOut in Tokens
        from imageOut in Tokens
        from searches in Gen.Choose(0, 20)
        select new Usage
        {
            Input = input,
            CachedInput = cached,
            CacheWrite = write,
            CacheWrite1h = write1h,
            AudioInput = audio,
            ImageInput = image,
            Output = output,
            Reasoning = reasoning,
            AudioOutput = audioOut,
            ImageOutput = imageOut,
            WebSearches = searches,
        };

    private static readonly Gen<ModelPrice> AnyListPrice = Gen.Elements(
        PriceCatalogue.BuiltIn.Providers.SelectMany(provider => provider.Models).SelectMany(model => model.History.LatestFirst).ToArray());

    private static readonly Gen<string?> AnyTier = Gen.Elements(null, "default", "flex", "priority", "batch", "fast", "ultrafast", "unheard-of");

    [Fact]
    public void Cost_is_that_of_exact_rational_arithmetic_to_the_nano_dollar()
    {
        var cases = from usage in AnyUsage from price in AnyListPrice from tier in AnyTier select (usage, price, tier);
        Prop.ForAll(cases.ToArbitrary(), c =>
            Assert.Equal(Oracle(c.usage, c.price, c.tier), Cost.CostOf(c.usage, new PricedModel(c.price, CostSource.Catalogue), c.tier).Value))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Cost_never_falls_when_any_class_grows()
    {
        // A part grows together with the whole that it is part of; tokens of a part come out of nothing else.
        var grow = new (string Name, Func<Usage, long, Usage> Apply)[]
        {
            ("input", (u, n) => u with { Input = u.Input + n }),
            ("cached", (u, n) => u with { Input = u.Input + n, CachedInput = u.CachedInput + n }),
            ("write", (u, n) => u with { Input = u.Input + n, CacheWrite = u.CacheWrite + n }),
            ("write 1h", (u, n) => u with { Input = u.Input + n, CacheWrite = u.CacheWrite + n, CacheWrite1h = u.CacheWrite1h + n }),
            ("audio", (u, n) => u with { Input = u.Input + n, AudioInput = u.AudioInput + n }),
            ("output", (u, n) => u with { Output = u.Output + n }),
            ("reasoning", (u, n) => u with { Output = u.Output + n, Reasoning = u.Reasoning + n }),
            ("audio out", (u, n) => u with { Output = u.Output + n, AudioOutput = u.AudioOutput + n }),
            ("searches", (u, n) => u with { WebSearches = u.WebSearches + n }),
        };
        // Parts that fit into their wholes, as a provider's honest report has them.
        var honest =
            from parts in Gen.Choose(0, 100_000).Select(n => (long)n).ListOf(8)
            select new Usage
            {
                Input = parts[0] + parts[1] + parts[2] + parts[3],
                CachedInput = parts[1],
                CacheWrite = parts[2],
                CacheWrite1h = parts[2] / 2,
                AudioInput = parts[3],
                Output = parts[4] + parts[5] + parts[6],
                Reasoning = parts[5],
                AudioOutput = parts[6],
            };
        var cases = from usage in honest from price in AnyListPrice from step in Gen.Elements(grow) from n in Gen.Choose(1, 300_000) select (usage, price, step, n);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var price = new PricedModel(c.price, CostSource.Catalogue);
            var before = Cost.CostOf(c.usage, price, null);
            var after = Cost.CostOf(c.step.Apply(c.usage, c.n), price, null);
            Assert.True(after >= before, $"{c.step.Name} +{c.n} on {c.price.Id}: {before} -> {after}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    /// <summary>The same rules in exact rational numbers, in the words of the price pages rather than of the code.</summary>
    private static BigInteger Oracle(Usage usage, ModelPrice price, string? tier)
    {
        var rates = price.LongContext.LastOrDefault(step => usage.Input > step.Above)?.Rates ?? price.Rates;
        var isLong = price.LongContext.Any(step => usage.Input > step.Above);
        var factor = price.ServiceTiers.FirstOrDefault(t => t.Name == tier && !(t.ShortOnly && isLong))?.Multiplier ?? Multiplier.One;
        BigInteger nano = 0;

        void Charge(long tokens, UnitPrice rate, Multiplier by)
        {
            var dividend = (BigInteger)tokens * rate.NanoUsdPerMillion * by.Numerator;
            var divisor = (BigInteger)1_000_000 * by.Denominator;
            nano += (dividend / divisor) + (dividend % divisor > 0 ? 1 : 0);
        }

        var left = usage.Input;
        foreach (var (tokens, rate) in new[]
        {
            (usage.CachedInput, rates.CachedInput),
            (Math.Min(usage.CacheWrite1h, usage.CacheWrite), rates.CacheWrite1h),
            (Math.Max(0, usage.CacheWrite - usage.CacheWrite1h), rates.CacheWrite),
            (rates.AudioInput == rates.Input ? 0 : usage.AudioInput, rates.AudioInput),
            (rates.ImageInput == rates.Input ? 0 : usage.ImageInput, rates.ImageInput),
            (long.MaxValue, rates.Input),
        })
        {
            var part = Math.Min(left, tokens);
            Charge(part, rate, factor);
            left -= part;
        }
        left = usage.Output;
        foreach (var (tokens, rate) in new[]
        {
            (rates.AudioOutput == rates.Output ? 0 : usage.AudioOutput, rates.AudioOutput),
            (rates.ImageOutput == rates.Output ? 0 : usage.ImageOutput, rates.ImageOutput),
            (rates.Reasoning == rates.Output ? 0 : usage.Reasoning, rates.Reasoning),
            (long.MaxValue, rates.Output),
        })
        {
            var part = Math.Min(left, tokens);
            Charge(part, rate, factor);
            left -= part;
        }
        Charge(usage.IsEmpty ? 0 : 1, price.Fees.Request, Multiplier.One);
        Charge(usage.WebSearches, price.Fees.WebSearch, Multiplier.One);
        Charge(usage.WebSearches > 0 ? 1 : 0, price.Fees.GroundedRequest, Multiplier.One);
        return nano;
    }
}
