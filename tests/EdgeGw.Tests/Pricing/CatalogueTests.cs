using System.Text;
using System.Text.Json;
using EdgeGw.Pricing;

namespace EdgeGw.Tests.Pricing;

public sealed class CatalogueTests
{
    private static readonly HashSet<string> TokenFields =
        ["input", "output", "cached_input", "cache_write", "cache_write_1h", "audio_input", "image_input", "reasoning", "audio_output", "image_output"];

    private static JsonElement Document()
    {
        using var stream = typeof(PriceCatalogue).Assembly.GetManifestResourceStream("EdgeGw.Pricing.catalogue.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }

    private static IEnumerable<(string Id, JsonElement Rates)> AllRates() =>
        from provider in Document().GetProperty("providers").EnumerateArray()
        where provider.TryGetProperty("models", out _)
        from model in provider.GetProperty("models").EnumerateArray()
        from period in model.GetProperty("prices").EnumerateArray()
        from rates in period.TryGetProperty("long", out var steps) ? steps.EnumerateArray().Prepend(period) : [period]
        select (model.GetProperty("id").GetString()!, rates);

    [Fact]
    public void Token_prices_have_a_believable_magnitude_and_are_held_exactly()
    {
        foreach (var (id, rates) in AllRates())
        {
            foreach (var field in rates.EnumerateObject().Where(field => TokenFields.Contains(field.Name) && field.Value.GetDecimal() != 0))
            {
                var dollars = field.Value.GetDecimal();
                Assert.True(dollars is >= 0.001m and <= 1000m, $"{id} {field.Name} {dollars}");
                Assert.True(UnitPrice.FromDollarsPerMillion(dollars).NanoUsdPerMillion == dollars * NanoUsd.PerDollar, $"{id} {field.Name} {dollars}");
            }
        }
    }

    [Fact]
    public void Cached_input_is_never_dearer_and_a_cache_write_never_cheaper_than_input()
    {
        foreach (var (id, rates) in AllRates())
        {
            var input = rates.GetProperty("input").GetDecimal();
            Assert.True(!rates.TryGetProperty("cached_input", out var cached) || cached.GetDecimal() <= input, id);
            Assert.True(!rates.TryGetProperty("cache_write", out var write) || write.GetDecimal() >= input, id);
        }
    }

    [Fact]
    public void Longer_context_is_never_cheaper()
    {
        foreach (var price in PriceCatalogue.BuiltIn.Providers.SelectMany(p => p.Models).SelectMany(m => m.History.LatestFirst))
        {
            var shorter = price.Rates;
            long above = 0;
            foreach (var step in price.LongContext)
            {
                Assert.True(step.Above > above, price.Id);
                Assert.True(step.Rates.Input.CompareTo(shorter.Input) >= 0 && step.Rates.Output.CompareTo(shorter.Output) >= 0
                    && step.Rates.CachedInput.CompareTo(shorter.CachedInput) >= 0 && step.Rates.CacheWrite1h.CompareTo(shorter.CacheWrite1h) >= 0, price.Id);
                (shorter, above) = (step.Rates, step.Above);
            }
        }
    }

    [Fact]
    public void Only_what_is_billed_otherwise_or_given_away_has_no_token_price()
    {
        var free = PriceCatalogue.BuiltIn.Providers.SelectMany(p => p.Models)
            .Where(model => model.History.LatestFirst.Any(price => price.Rates.Input == UnitPrice.Zero && price.Rates.Output == UnitPrice.Zero && price.Fees == UnitFees.None))
            .Select(model => model.Id);
        Assert.Equal(["gemma-3", "glm-4.7-flash"], free);
    }

    [Theory]
    [InlineData("""{"providers":[{"kinds":["k"],"models":[{"id":"a","prices":[{"input":1}]},{"id":"b","aliases":["A"],"prices":[{"input":1}]}]}]}""")]
    [InlineData("""{"providers":[{"kinds":["k"],"models":[{"id":"a","prices":[{"input":1,"inptu":2}]}]}]}""")]
    [InlineData("""{"providers":[{"kinds":["k"],"models":[{"id":"a","prices":[{"input":-1}]}]}]}""")]
    [InlineData("""{"providers":[{"kinds":["k"],"models":[{"id":"a","prices":[]}]}]}""")]
    [InlineData("""{"providers":[{"kinds":["k"],"tiers":{"flex":"half"},"models":[{"id":"a","prices":[{"input":1}]}]}]}""")]
    [InlineData("""{"providers":[{"kinds":["k"],"models":[{"id":"a","prices":[{"input":1,"peak":{"factor":2,"hours_utc":["9-8"]}}]}]}]}""")]
    [InlineData("""{"providers":""")]
    public void Broken_catalogue_is_refused(string json) => Assert.Throws<InvalidDataException>(() => PriceCatalogue.Parse(Encoding.UTF8.GetBytes(json)));
}
