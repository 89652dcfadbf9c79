using EdgeGw.Pricing.Import;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing.Import;

public sealed class ModelsDevImportTests
{
    private static readonly Imports Imported = Imports.Of(PriceFormat.ModelsDev, """
        {
          "google": { "id": "google", "name": "Google", "models": {
            "acme-pro": { "id": "acme-pro", "cost": { "input": 1.25, "output": 10, "cache_read": 0.31, "input_audio": 3, "context_over_200k": { "input": 2.5, "output": 15 } },
                          "limit": { "context": 1048576, "output": 65536 }, "modalities": { "input": ["text"] } },
            "acme-tiers": { "cost": { "input": 1, "output": 2, "reasoning": 3, "cache_write": 1.25, "context_over_200k": { "input": 9, "output": 9 },
                            "tiers": [ { "tier": { "type": "context", "size": 128000 }, "input": 2, "output": 4 },
                                       { "tier": { "type": "context", "size": 256000 }, "input": 3 },
                                       { "tier": { "type": "speed", "size": 1 }, "input": 4 } ] } },
            "acme-free": { "cost": { "input": 0, "output": 0 } },
            "acme-odd": { "cost": { "input": 1, "output": 1, "video": 7 } },
            "acme-silent": { "limit": { "context": 1, "output": 1 } } } },
          "togetherai": { "models": { "maker/model": { "cost": { "input": 0.2, "output": 0.2 } } } }
        }
        """);

    [Fact]
    public void Prices_and_limits_are_taken_over_under_our_kinds()
    {
        var price = Imported.Known("gemini", "acme-pro");
        Assert.Equal((PerMillion(1.25m), PerMillion(10m), PerMillion(0.31m), PerMillion(3m)),
            (price.Rates.Input, price.Rates.Output, price.Rates.CachedInput, price.Rates.AudioInput));
        Assert.Equal((1048576L, 65536L), (price.ContextWindow, price.MaxOutput));
        Assert.Equal(PerMillion(0.2m), Imported.Known("together", "maker/model").Rates.Input);
    }

    [Theory]
    [InlineData("acme-pro", 200_000, 1.25, 10)]
    [InlineData("acme-pro", 200_001, 2.5, 15)]
    [InlineData("acme-tiers", 128_000, 1, 2)]
    [InlineData("acme-tiers", 128_001, 2, 4)]
    [InlineData("acme-tiers", 200_001, 2, 4)]
    [InlineData("acme-tiers", 256_001, 3, 4)]
    public void Steps_start_above_their_size_and_tiers_replace_the_older_field(string model, long input, double inputRate, double outputRate)
    {
        var rates = Imported.Known("gemini", model).RatesFor(input);
        Assert.Equal((PerMillion((decimal)inputRate), PerMillion((decimal)outputRate)), (rates.Input, rates.Output));
    }

    [Theory]
    [InlineData("steps of another kind than input tokens: gemini/acme-tiers")]
    [InlineData("everything costs nothing")]
    [InlineData("prices without a class of ours: gemini/acme-odd: video 7")]
    [InlineData("no price: gemini/acme-silent")]
    public void What_cannot_be_carried_over_is_reported(string loss) =>
        Assert.Contains(Imported.Losses, each => each.StartsWith(loss, StringComparison.Ordinal));

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"openai": {}}""")]
    public void Other_files_are_refused(string json) => Assert.Throws<InvalidDataException>(() => Imports.Of(PriceFormat.ModelsDev, json));
}
