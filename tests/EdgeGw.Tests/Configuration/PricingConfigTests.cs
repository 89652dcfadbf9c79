using EdgeGw.Pricing;

namespace EdgeGw.Tests.Configuration;

public sealed class PricingConfigTests
{
    [Fact]
    public void Every_rate_fee_and_match_of_an_override_is_bound()
    {
        var config = ConfigFixture.LoadGood("""
            { "providers": { "openai": { "price_factor": "1.1" }, "anthropic": { "price_factor": 0.85 }, "gemini": {} },
              "pricing": { "overrides": [ { "model": "openai/x", "input": 1, "output": 2, "cached_input": 3, "cache_write": 4, "cache_write_1h": 5, "audio_input": 6,
                "image_input": 7, "reasoning": 8, "audio_output": 9, "image_output": 10,
                "fees": { "request": "0.1", "web_search": 0.2, "grounded_request": 0.3, "file_search": 0.4, "container": 0.5, "search_unit": 0.6, "image": 0.7, "second": 0.8, "character": 0.9, "page": 1 },
                "match": { "groups": ["g"], "user": ["u"], "service": ["*"], "key": ["k"], "metadata": { "team": "t" } } },
                { "model": "openai/x", "input": 1, "output": 2 } ],
                "custom_cost": { "groups": ["finance"] }, "show_prices": { "service": ["buyer"] } } }
            """);
        var entry = config.Pricing.Overrides[0];
        Assert.Equal((3m, 4m, 5m, 6m, 7m, 8m, 9m, 10m),
            (entry.CachedInput, entry.CacheWrite, entry.CacheWrite1h, entry.AudioInput, entry.ImageInput, entry.Reasoning, entry.AudioOutput, entry.ImageOutput));
        var fees = entry.Fees!;
        Assert.Equal((0.1m, 0.2m, 0.3m, 0.4m, 0.5m), (fees.Request, fees.WebSearch, fees.GroundedRequest, fees.FileSearch, fees.Container));
        Assert.Equal((0.6m, 0.7m, 0.8m, 0.9m, 1m), (fees.SearchUnit, fees.Image, fees.Second, fees.Character, fees.Page));
        var match = entry.Match!;
        Assert.Equal(("g", "u", "*", "k", "t"), (match.Groups[0], match.Users[0], match.Services[0], match.Keys[0], match.Metadata["team"]));
        Assert.Null(config.Pricing.Overrides[1].Match);
        Assert.Equal(["finance"], config.Pricing.CustomCost!.Groups);
        Assert.Equal(["buyer"], config.Pricing.ShowPrices!.Services);
        Assert.Equal(new Multiplier(11, 10), config.Providers["openai"].PriceFactor);
        Assert.Equal(new Multiplier(17, 20), config.Providers["anthropic"].PriceFactor);
        Assert.Equal(Multiplier.One, config.Providers["gemini"].PriceFactor);
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{ "pricing": { "custom_cost": "deny" } }""", false)]
    [InlineData("""{ "pricing": { "custom_cost": "allow" } }""", true)]
    public void Custom_cost_is_denied_unless_allowed(string json, bool allowed) =>
        Assert.Equal(allowed, ConfigFixture.LoadGood(json).Pricing.CustomCost is not null);

    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{ "pricing": {} }""", true)]
    [InlineData("""{ "pricing": { "show_prices": "allow" } }""", true)]
    [InlineData("""{ "pricing": { "show_prices": "deny" } }""", false)]
    public void Prices_are_shown_unless_denied(string json, bool shown) =>
        Assert.Equal(shown, ConfigFixture.LoadGood(json).Pricing.ShowPrices is not null);

    [Theory]
    [InlineData("""{ "pricing": { "show_prices": "maybe" } }""")]
    [InlineData("""{ "pricing": { "show_prices": false } }""")]
    [InlineData("""{ "pricing": { "show_prices": {} } }""")]
    [InlineData("""{ "pricing": { "custom_cost": "maybe" } }""")]
    [InlineData("""{ "pricing": { "custom_cost": true } }""")]
    [InlineData("""{ "pricing": { "custom_cost": {} } }""")]
    [InlineData("""{ "pricing": { "custom_cost": { "groups": [] } } }""")]
    [InlineData("""{ "pricing": { "custom_cost": { "group": ["x"] } } }""")]
    [InlineData("""{ "pricing": { "overrides": [ { "model": "*/x", "input": 1, "output": 1, "match": {} } ] } }""")]
    [InlineData("""{ "pricing": { "overrides": [ { "model": "*/x", "input": 1, "output": 1, "fees": { "second": -1 } } ] } }""")]
    [InlineData("""{ "pricing": { "overrides": [ { "model": "*/x", "input": 1, "output": 1, "fees": { "image": 1001 } } ] } }""")]
    [InlineData("""{ "providers": { "openai": { "price_factor": 0 } } }""")]
    [InlineData("""{ "providers": { "openai": { "price_factor": "-1.1" } } }""")]
    [InlineData("""{ "providers": { "openai": { "price_factor": 101 } } }""")]
    [InlineData("""{ "providers": { "openai": { "price_factor": "1.0000001" } } }""")]
    [InlineData("""{ "providers": { "openai": { "price_factor": "11/10" } } }""")]
    public void Senseless_pricing_is_a_fault(string json) => Assert.NotEmpty(ConfigFixture.FaultsOf(json));
}
