using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests.Inspection;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing;

/// <summary>Where an answer is computed: told by the answer, by the model's name, or by the operator.</summary>
public sealed class PlaceGoldenTests
{
    [Theory]
    // claude-opus-4-6 5 / read 0.5 / 25: 100 x 5 + 900 x 0.5 + 10 x 25 = 500 + 450 + 250 micro-dollars; a tenth more in the US.
    [InlineData("claude-opus-4-6", "us", "standard", "0.00132")]
    [InlineData("claude-opus-4-6", "global", "standard", "0.0012")]
    [InlineData("claude-opus-4-6", "not_available", "standard", "0.0012")]
    // Fast in the US: 6 x 11/10 of each component: 3,300 + 2,970 + 1,650.
    [InlineData("claude-opus-4-6", "us", "fast", "0.00792")]
    // Older models cost the same everywhere: claude-opus-4-5 has the same rates.
    [InlineData("claude-opus-4-5", "us", "standard", "0.0012")]
    public void Anthropic_says_where(string model, string geography, string speed, string dollars)
    {
        var body = $$$"""{"model":"{{{model}}}","stop_reason":"end_turn","usage":{"input_tokens":100,"cache_read_input_tokens":900,"output_tokens":10,"service_tier":"standard","inference_geo":"{{{geography}}}","speed":"{{{speed}}}"}}""";
        Assert.Equal(dollars, Answers.CostOf(Dialect.Messages, "anthropic", model, body).Usd);
    }

    [Theory]
    // 3 / 15: 1,000 x 3 + 100 x 15 = 4,500 micro-dollars by the global profile, 4,950 by a regional one; claude-3-7-sonnet has one price.
    [InlineData("global.anthropic.claude-sonnet-4-6", "0.0045")]
    [InlineData("us.anthropic.claude-sonnet-4-6", "0.00495")]
    [InlineData("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "0.00495")]
    [InlineData("anthropic.claude-sonnet-4-5-20250929-v1:0", "0.00495")]
    [InlineData("us.anthropic.claude-3-7-sonnet-20250219-v1:0", "0.0045")]
    [InlineData("us.anthropic.claude-sonnet-4-20250514-v1:0", "0.0045")]
    public void Bedrock_profile_names_the_region(string model, string dollars) =>
        Assert.Equal(Usd(dollars), Cost.CostOf(new Usage { Input = 1000, Output = 100 }, Price("bedrock", model), default));

    [Fact]
    public void Price_factor_scales_list_prices_of_tokens_and_nothing_else()
    {
        var providers = new Dictionary<string, ProviderConfig>
        {
            ["openai-eu"] = new() { Kind = "openai", PriceFactor = Multiplier.FromDecimal(1.1m) },
            ["openai"] = new() { Kind = "openai" },
        };
        var pricing = new PricingConfig { Overrides = [new PriceOverride("openai-eu/gpt-4o-mini", 1m, 1m)] };
        var book = new PriceBook(PriceCatalogue.BuiltIn, pricing, providers, Saturday);
        var usage = new Usage { Input = 1000, Output = 100, WebSearches = 1 };
        // gpt-4o 2.5 / 10 and a search at 0.01: 3,500 and 3,850 micro-dollars of tokens.
        Assert.Equal(Usd("0.0135"), Cost.CostOf(usage, book.Resolve("openai", "openai", "gpt-4o"), default));
        Assert.Equal(Usd("0.01385"), Cost.CostOf(usage, book.Resolve("openai-eu", "openai", "gpt-4o"), default));
        // With priority at 17/10: 2,500 x 1.87 + 1,000 x 1.87 = 6,545.
        Assert.Equal(Usd("0.016545"), Cost.CostOf(usage, book.Resolve("openai-eu", "openai", "gpt-4o"), "priority"));
        // A contract price is what was agreed on: 1,000 + 100 micro-dollars and the listed search.
        Assert.Equal(Usd("0.0111"), Cost.CostOf(usage, book.Resolve("openai-eu", "openai", "gpt-4o-mini"), default));
    }

    [Fact]
    public void Composed_factors_are_rounded_once()
    {
        // One token at 0.000000001 dollars per million, 20/11 x 11/10 = 2 of it: two millionths of a nano-dollar, one when rounded up.
        Assert.Equal(new Multiplier(2, 1), new Multiplier(20, 11) * new Multiplier(11, 10));
        Assert.Equal(1, new UnitPrice(1).CostOf(1, new Multiplier(20, 11) * new Multiplier(11, 10)).Value);
        // 11 tokens at 1 per million and 20/11: exactly 20 micro-dollars, where rounding to 1.8181 first would give less.
        Assert.Equal(20_000, PerMillion(1).CostOf(11, new Multiplier(20, 11)).Value);
    }

    [Fact]
    public void Hold_covers_the_place_that_was_picked()
    {
        var facts = RequestInspector.Inspect(Dialect.Messages, """{"model":"claude-opus-4-6","max_tokens":10,"inference_geo":"us","messages":[]}"""u8).Facts;
        Assert.True(facts.PicksPlace);
        var price = Price("anthropic", "claude-opus-4-6");
        var picked = HoldEstimate.UpperBound(facts, price, new RequestConfig())!.Value;
        var free = HoldEstimate.UpperBound(facts with { PicksPlace = false }, price, new RequestConfig())!.Value;
        // Eight nano-dollars are added for rounding.
        Assert.Equal((free.Value - 8) * 11 / 10, picked.Value - 8);
    }
}
