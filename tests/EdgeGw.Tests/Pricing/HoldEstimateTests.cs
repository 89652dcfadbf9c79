using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests.Inspection;
using FsCheck;
using FsCheck.Fluent;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing;

public sealed class HoldEstimateTests
{
    private static readonly RequestConfig Limits = new();
    private static readonly RequestFacts Chat = new() { Dialect = Dialect.ChatCompletions, Model = "m", Choices = 1, InputBytes = 936, MaxOutput = 100 };

    private static readonly NanoUsd Rounding = new(8);

    private static NanoUsd Hold(RequestFacts facts, PricedModel price) => HoldEstimate.UpperBound(facts, price, Limits)!.Value;

    [Fact]
    public void Bound_is_bytes_and_cap_at_list_price() =>
        // 936 bytes + 64: 1,000 x 2.5 + 100 x 10 = 3,500 micro-dollars.
        Assert.Equal(Usd("0.0035") + Rounding, Hold(Chat, Price("openai", "gpt-4o")));

    [Fact]
    public void Output_within_an_amount_is_the_largest_cap_whose_bound_is_within_it()
    {
        var price = Price("openai", "gpt-4o");
        Prop.ForAll(Arb.From(Gen.Zip(Gen.Choose(0, 2_000_000_000), Gen.Choose(1, 100_000))), input =>
        {
            var (amount, bytes) = (new NanoUsd(input.Item1), input.Item2);
            var facts = Chat with { InputBytes = bytes };
            var most = HoldEstimate.OutputWithin(facts, price, amount)!.Value;
            Assert.True(most == 0 || Hold(facts with { MaxOutput = most }, price) <= amount);
            Assert.True(Hold(facts with { MaxOutput = most + 1 }, price) > amount);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Output_within_an_amount_counts_the_input_that_the_provider_has_told() =>
        // 0.0035 dollars: 200 tokens of input leave 0.003 for output, less what roundings may take.
        Assert.Equal((299, 100), (HoldEstimate.OutputWithin(Chat, Price("openai", "gpt-4o"), Usd("0.0035"), input: 200)!.Value,
            HoldEstimate.OutputWithin(Chat, Price("openai", "gpt-4o"), Usd("0.0035") + Rounding)!.Value));

    [Fact]
    public void Choices_multiply_the_output() =>
        Assert.Equal(Usd("0.0055") + Rounding, Hold(Chat with { Choices = 3 }, Price("openai", "gpt-4o")));

    [Fact]
    public void Missing_cap_is_the_models_and_then_the_assumed_one()
    {
        Assert.Equal(Usd("0.0025") + Usd("0.16384") + Rounding, Hold(Chat with { MaxOutput = null }, Price("openai", "gpt-4o")));
        Assert.Equal(Usd("0.001") + new NanoUsd(Limits.AssumedMaxOutput * 1500L) + new NanoUsd(8) - Usd("0.0005"),
            Hold(Chat with { MaxOutput = null }, Price("mistral", "mistral-large-latest")));
    }

    [Theory]
    [InlineData(null, "0.0035")]
    [InlineData("default", "0.0035")]
    [InlineData("flex", "0.0035")]
    [InlineData("priority", "0.00595")]
    public void Tier_asked_for_counts_at_its_dearest(string? tier, string dollars)
    {
        // gpt-4o knows priority at 17/10 and fast at 2: whatever is not surely cheap may turn out as any of them.
        var expected = tier == "priority" ? Usd("0.007") : Usd(dollars);
        Assert.Equal(expected + Rounding, Hold(Chat with { ServiceTier = tier }, Price("openai", "gpt-4o")));
    }

    [Fact]
    public void Auto_may_be_priority() =>
        Assert.True(Hold(Chat with { ServiceTier = "auto" }, Price("openai", "gpt-5")) > Hold(Chat, Price("openai", "gpt-5")));

    [Fact]
    public void Long_context_counts_once_the_bound_passes_its_threshold()
    {
        var price = Price("gemini", "gemini-2.5-pro");
        var facts = new RequestFacts { Dialect = Dialect.Gemini, Choices = 1, MaxOutput = 1000, InputBytes = 200_000 - 64 };
        Assert.Equal(Usd("0.26") + Rounding, Hold(facts, price));
        Assert.Equal(Usd("0.5150025") + Rounding, Hold(facts with { InputBytes = 200_001 - 64 }, price));
    }

    [Fact]
    public void Cache_writes_count_where_they_can_happen()
    {
        var facts = Chat with { Dialect = Dialect.Messages };
        var price = Price("anthropic", "claude-sonnet-4-6");
        Assert.Equal(Usd("0.0045") + Rounding, Hold(facts, price));
        Assert.Equal(Usd("0.00525") + Rounding, Hold(facts with { WritesCache = true }, price));
        Assert.Equal(Usd("0.0075") + Rounding, Hold(facts with { WritesCache = true, WritesCache1h = true }, price));
        // OpenAI writes unasked: 1,000 x 2.5 + 100 x 10.
        Assert.Equal(Usd("0.0035") + Rounding, Hold(Chat, Price("openai", "gpt-6-sol")));
    }

    [Fact]
    public void Context_window_bounds_what_bytes_do_not()
    {
        var price = Price("openai", "gpt-4o");
        Assert.Equal(Usd("0.321") + Rounding, Hold(Chat with { InputBytes = 50_000_000 }, price));
        Assert.Equal(Usd("0.321") + Rounding, Hold(Chat with { OpenEndedInput = true }, price));
        // Many texts in one request: each has a window of its own.
        var many = new RequestFacts { Dialect = Dialect.Embeddings, Choices = 1, MaxOutput = 0, InputBytes = 1_000_000 };
        Assert.Equal(Usd("0.02000128") + Rounding, Hold(many, Price("openai", "text-embedding-3-small")));
    }

    [Fact]
    public void Media_tools_and_searches_are_added()
    {
        var price = Price("openai", "gpt-4o");
        Assert.Equal(Usd("0.02398") + Rounding, Hold(Chat with { MediaParts = 1 }, price));
        Assert.Equal(Usd("0.00862") + Rounding, Hold(Chat with { HasTools = true }, price));
        Assert.Equal(Usd("0.421") + Rounding, Hold(Chat with { OpenEndedInput = true, WebSearches = 10 }, price));
    }

    [Fact]
    public void No_price_or_no_number_large_enough_is_no_bound()
    {
        Assert.Null(HoldEstimate.UpperBound(Chat, PricedModel.Unpriced, Limits));
        Assert.Null(HoldEstimate.UpperBound(Chat with { MaxOutput = long.MaxValue }, Price("openai", "gpt-4o"), Limits));
        Assert.Null(HoldEstimate.UpperBound(Chat with { Choices = long.MaxValue }, Price("openai", "gpt-4o"), Limits));
    }

    [Fact]
    public void Free_provider_holds_nothing() =>
        Assert.Equal(NanoUsd.Zero, Hold(Chat with { OpenEndedInput = true, WebSearches = 3 }, Book(free: "local").Resolve("local", "openai", "x")));

    [Fact]
    public void Hold_covers_the_cost_of_any_usage_inside_its_bounds()
    {
        var models = PriceCatalogue.BuiltIn.Providers.SelectMany(provider => provider.Models).SelectMany(model => model.History.LatestFirst).ToArray();
        var cases =
            from price in Gen.Elements(models)
            from bytes in Gen.Choose(0, 2_000_000)
            from cap in Gen.Choose(1, 200_000)
            from choices in Gen.Choose(1, 4)
            from flags in Gen.Choose(0, 63)
            from asked in Gen.Elements(null, "default", "flex", "auto", "priority", "fast")
            from served in Gen.Elements(null, "default", "flex", "batch", "priority", "fast")
            from searches in Gen.Choose(0, 10)
            from usage in CostPropertyTests.AnyUsage
            let facts = new RequestFacts
            {
                Dialect = (flags & 1) != 0 ? Dialect.Messages : Dialect.ChatCompletions,
                Choices = choices,
                MaxOutput = cap,
                InputBytes = bytes,
                ServiceTier = asked,
                WritesCache = (flags & 2) != 0,
                WritesCache1h = (flags & 6) == 6,
                HasAudio = (flags & 8) != 0,
                MediaParts = (flags & 16) != 0 ? 1 : 0,
                WebSearches = searches,
            }
            select (price, facts, served: asked is "auto" or "priority" or "fast" ? served : null, usage);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var mayWrite = c.facts.Dialect != Dialect.Messages || c.facts.WritesCache;
            var inside = c.usage with
            {
                Input = Math.Min(c.usage.Input, Math.Min(c.facts.InputBytes, c.price.ContextWindow ?? long.MaxValue)),
                Output = Math.Min(c.usage.Output, c.facts.MaxOutput!.Value * c.facts.Choices),
                CacheWrite = mayWrite ? c.usage.CacheWrite : 0,
                CacheWrite1h = c.facts.WritesCache1h ? c.usage.CacheWrite1h : 0,
                AudioInput = c.facts.HasAudio ? c.usage.AudioInput : 0,
                ImageInput = c.facts.MediaParts > 0 ? c.usage.ImageInput : 0,
                WebSearches = Math.Min(c.usage.WebSearches, c.facts.WebSearches),
            };
            var price = new PricedModel(c.price, CostSource.Catalogue);
            var cost = Cost.CostOf(inside, price.For(c.facts), c.served);
            Assert.True(Hold(c.facts, price) >= cost, $"{c.price.Id}: hold {Hold(c.facts, price)} < cost {cost} of {inside}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }
}
