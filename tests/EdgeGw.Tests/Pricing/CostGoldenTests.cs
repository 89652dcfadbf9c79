using EdgeGw.Metering;
using EdgeGw.Pricing;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing;

/// <summary>Each amount is worked out by hand from the list price of the day.</summary>
public sealed class CostGoldenTests
{
    [Fact]
    public void Cached_tokens_leave_the_full_price()
    {
        // gpt-4o 2.50 / 1.25 / 10: 200 x 2.5 + 800 x 1.25 + 100 x 10 = 2,500 micro-dollars.
        var usage = new Usage { Input = 1000, CachedInput = 800, Output = 100, Reasoning = 60 };
        Assert.Equal(Usd("0.0025"), Cost.CostOf(usage, Price("openai", "gpt-4o"), null));
    }

    [Fact]
    public void Anthropic_cache_writes_of_both_lifetimes_have_their_own_prices()
    {
        // claude-opus-4-5 5 / read 0.5 / 5m 6.25 / 1h 10 / 25: 100 x 5 + 2000 x 0.5 + 300 x 6.25 + 700 x 10 + 50 x 25 = 11,625.
        var usage = new Usage { Input = 3100, CachedInput = 2000, CacheWrite = 1000, CacheWrite1h = 700, Output = 50 };
        Assert.Equal(Usd("0.011625"), Cost.CostOf(usage, Price("anthropic", "claude-opus-4-5-20251101"), "standard"));
    }

    [Theory]
    [InlineData(200_000, "0.26")] // 200,000 x 1.25 + 1,000 x 10
    [InlineData(200_001, "0.5150025")] // 200,001 x 2.5 + 1,000 x 15: the whole request at the dearer price
    public void Long_context_starts_strictly_above_its_threshold(long input, string dollars)
    {
        var usage = new Usage { Input = input, Output = 1000 };
        Assert.Equal(Usd(dollars), Cost.CostOf(usage, Price("gemini", "gemini-2.5-pro"), null));
    }

    [Fact]
    public void Long_context_counts_cached_and_written_input()
    {
        // claude-sonnet-4-5 above 200k: 6 / 0.6 / 7.5 / 22.5. 1 x 6 + 150,000 x 0.6 + 50,000 x 7.5 + 10 x 22.5.
        var usage = new Usage { Input = 200_001, CachedInput = 150_000, CacheWrite = 50_000, Output = 10 };
        Assert.Equal(Usd("0.465231"), Cost.CostOf(usage, Price("anthropic", "claude-sonnet-4-5"), null));
    }

    [Fact]
    public void Gemini_thoughts_are_billed_as_output()
    {
        // 12 visible + 62 thought tokens are 74 of output: 100 x 0.3 + 74 x 2.5 = 215 micro-dollars.
        var usage = new Usage { Input = 100, Output = 74, Reasoning = 62 };
        Assert.Equal(Usd("0.000215"), Cost.CostOf(usage, Price("gemini", "gemini-2.5-flash"), null));
    }

    [Fact]
    public void Audio_is_apart_from_text()
    {
        // gemini-2.5-flash audio 1.00, text 0.30: 400 x 1 + 600 x 0.3 = 580.
        Assert.Equal(Usd("0.00058"), Cost.CostOf(new Usage { Input = 1000, AudioInput = 400 }, Price("gemini", "gemini-2.5-flash"), null));
        // gpt-audio audio out 64, text out 10: 30 x 64 + 20 x 10 = 2,120.
        Assert.Equal(Usd("0.00212"), Cost.CostOf(new Usage { Output = 50, AudioOutput = 30 }, Price("openai", "gpt-audio"), null));
    }

    [Theory]
    [InlineData("o4-mini", null, "0.0055")] // 1,000 x 1.1 + 1,000 x 4.4
    [InlineData("o4-mini", "default", "0.0055")]
    [InlineData("o4-mini", "flex", "0.00275")]
    [InlineData("o4-mini", "batch", "0.00275")]
    [InlineData("o4-mini", "priority", "0.01")] // list of priority: 2 and 8
    [InlineData("gpt-5.5", "priority", "0.0875")] // 12.5 and 75
    [InlineData("gpt-4o", "scale", "0.0125")]
    public void Service_tier_that_served_sets_the_factor(string model, string? tier, string dollars) =>
        Assert.Equal(Usd(dollars), Cost.CostOf(new Usage { Input = 1000, Output = 1000 }, Price("openai", model), tier));

    [Fact]
    public void Cost_is_rounded_up_per_component()
    {
        // 1 x 0.075 + 1 x 0.3 per million = 75 and 300 nano-dollars exactly; a third of a nano-dollar becomes one.
        Assert.Equal(375, Cost.CostOf(new Usage { Input = 1, Output = 1 }, Price("gemini", "gemini-2.0-flash-lite"), null).Value);
        var tiny = new PricedModel(new ModelPrice { Id = "t", Rates = new PriceRates { Input = new UnitPrice(1), Output = new UnitPrice(1) } }, CostSource.Catalogue);
        Assert.Equal(2, Cost.CostOf(new Usage { Input = 1, Output = 1 }, tiny, null).Value);
    }

    [Fact]
    public void Searches_are_paid_apiece_and_untouched_by_tiers()
    {
        var usage = new Usage { Input = 1000, WebSearches = 3 };
        Assert.Equal(Usd("0.0315"), Cost.CostOf(usage, Price("anthropic", "claude-sonnet-4-5"), "batch"));
        // Gemini 2.5 charges a grounded answer once, 3.x each query.
        Assert.Equal(Usd("0.0353"), Cost.CostOf(usage, Price("gemini", "gemini-2.5-flash"), null));
        Assert.Equal(Usd("0.0425"), Cost.CostOf(usage, Price("gemini", "gemini-3-flash-preview"), null));
    }

    [Fact]
    public void Impossible_reports_are_clamped()
    {
        // Azure's Grok reports more cached than input; OpenRouter overlapping reads and writes.
        var cachedAbove = new Usage { Input = 208, CachedInput = 314 };
        Assert.Equal(Cost.CostOf(new Usage { Input = 208, CachedInput = 208 }, Price("xai", "grok-3"), null), Cost.CostOf(cachedAbove, Price("xai", "grok-3"), null));
        var overlapping = new Usage { Input = 2168, CachedInput = 2161, CacheWrite = 2161 };
        Assert.Equal(
            Cost.CostOf(new Usage { Input = 2168, CachedInput = 2161, CacheWrite = 7 }, Price("anthropic", "claude-haiku-4-5"), null),
            Cost.CostOf(overlapping, Price("anthropic", "claude-haiku-4-5"), null));
        Assert.Equal(NanoUsd.Zero, Cost.CostOf(new Usage { Input = -5, CachedInput = -1, Output = -7 }, Price("openai", "gpt-4o"), null));
        // More reasoning than output (OpenRouter counts with another tokenizer).
        Assert.Equal(Usd("0.0001"), Cost.CostOf(new Usage { Output = 10, Reasoning = 14 }, Price("openai", "gpt-4o"), null));
    }

    [Fact]
    public void Cached_token_never_costs_more_than_an_uncached_one()
    {
        var rates = new PriceRates { Input = PerMillion(1), Output = PerMillion(1), CachedInput = PerMillion(3) };
        Assert.Equal(PerMillion(1), rates.CachedInput);
    }

    [Fact]
    public void Reported_cost_wins_except_over_a_configured_price()
    {
        var usage = new Usage { Input = 1000, Output = 10 };
        Assert.Equal(Usd("0.005"), Cost.CostOf(usage, Price("openai", "gpt-4o"), null, Usd("0.005"), out var source));
        Assert.Equal(CostSource.Provider, source);
        Assert.Equal(Usd("0.005"), Cost.CostOf(usage, PricedModel.Unpriced, null, Usd("0.005"), out source));
        Assert.Equal(CostSource.Provider, source);
        var free = Book(free: "local").Resolve("local", "openai", "gpt-4o");
        Assert.Equal(NanoUsd.Zero, Cost.CostOf(usage, free, null, Usd("0.005"), out source));
        Assert.Equal(CostSource.Override, source);
        Assert.Equal(NanoUsd.Zero, Cost.CostOf(usage, PricedModel.Unpriced, null, null, out source));
        Assert.Equal(CostSource.None, source);
    }

    [Fact]
    public void Per_answer_fee_is_charged_only_when_something_was_answered()
    {
        var sonar = Price("perplexity", "sonar");
        Assert.Equal(Usd("0.012001"), Cost.CostOf(new Usage { Output = 1 }, sonar, null));
        Assert.Equal(NanoUsd.Zero, Cost.CostOf(default, sonar, null));
    }
}
