using System.Text.Json;
using EdgeGw.Pricing;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing;

/// <summary>The built-in catalogue against another public one, as of that one's day, for the models that both have.</summary>
public sealed class PublishedPricesTests
{
    private static readonly FixedTime ItsDay = new(new DateTimeOffset(2026, 8, 20, 12, 0, 0, TimeSpan.Zero));

    private static readonly (string Theirs, string Ours)[] Providers =
    [
        ("openai", "openai"), ("anthropic", "anthropic"), ("google", "gemini"), ("mistral", "mistral"), ("deepseek", "deepseek"), ("x-ai", "xai"),
        ("groq", "groq"), ("cerebras", "cerebras"), ("perplexity", "perplexity"), ("cohere", "cohere"),
    ];

    private static readonly Dictionary<string, string> KnownDifferences = new()
    {
        ["anthropic/claude-sonnet-4-0"] = "Above 200,000 tokens of input Sonnet 4 cost twice and 1.5 times as much; left out there.",
        ["deepseek/deepseek-chat"] = "An alias of V4 Flash since April 2026, with the rates of 16 August 2026; there the last ones before V4.",
        ["deepseek/deepseek-reasoner"] = "As deepseek-chat.",
        ["deepseek/deepseek-v4-flash"] = "Rates of 16 August 2026, when peak hours came; not yet there.",
        ["deepseek/deepseek-v4-pro"] = "As deepseek-v4-flash.",
        ["gemini/gemini-2.5-flash-preview"] = "Retired previews, priced as the family they became.",
        ["mistral/devstral-small"] = "List price of the provider itself; there a reseller's.",
        ["mistral/ministral-3b"] = "The name means the release of December 2025; ministral-3b-2410 has the old price.",
        ["mistral/ministral-8b"] = "The name means the release of December 2025; their output price is a slip (1 for 0.1).",
        ["mistral/mistral-embed"] = "An embedding has no output.",
        ["mistral/mistral-large"] = "The name means Large 3 since December 2025.",
        ["mistral/mistral-small-latest"] = "The name means Small 4 since March 2026.",
        ["openai/gpt-5.5"] = "Above 272,000 tokens of input twice and 1.5 times as much; left out there.",
        ["openai/gpt-5.5-pro"] = "As gpt-5.5.",
        ["xai/grok-4-0709"] = "Above 128,000 tokens of input twice as much; left out there.",
        ["xai/grok-4-1-fast-non-reasoning"] = "As grok-4-0709.",
        ["xai/grok-4-1-fast-reasoning"] = "As grok-4-0709.",
        ["xai/grok-4-fast-non-reasoning"] = "As grok-4-0709.",
        ["xai/grok-4-fast-reasoning"] = "As grok-4-0709.",
        ["xai/grok-4.20"] = "From 200,000 tokens of input on twice as much; left out there.",
        ["xai/grok-4.20-multi-agent"] = "As grok-4.20.",
        ["xai/grok-4.3"] = "As grok-4.20.",
        ["xai/grok-4.5"] = "As grok-4.20.",
    };

    [Fact]
    public void Catalogue_agrees_with_a_published_one_up_to_known_differences()
    {
        if (SharedFolder.Find() is not { } shared)
        {
            return;
        }
        using var published = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(shared, "prices", "genai-prices-v2-data.json")));
        var compared = 0;
        var differences = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (theirs, ours) in Providers)
        {
            var provider = published.RootElement.EnumerateArray().Single(p => p.GetProperty("id").GetString() == theirs);
            foreach (var model in provider.GetProperty("models").EnumerateArray())
            {
                var id = model.GetProperty("id").GetString()!;
                if (PriceCatalogue.BuiltIn.Find(ours, id, ItsDay) is not { } price || PricesOn(model) is not { } prices)
                {
                    continue;
                }
                compared++;
                var found = string.Join(", ", Differences(prices, price));
                if (found.Length > 0)
                {
                    differences[$"{ours}/{id}"] = found;
                }
            }
        }
        Assert.True(compared > 150, $"Only {compared} models were compared.");
        var unexpected = differences.Where(difference => !KnownDifferences.ContainsKey(difference.Key)).Select(difference => $"{difference.Key}: {difference.Value}");
        var gone = KnownDifferences.Keys.Where(name => !differences.ContainsKey(name)).Select(name => $"{name}: agrees by now");
        Assert.True(!unexpected.Concat(gone).Any(), string.Join('\n', unexpected.Concat(gone)));
    }

    private static IEnumerable<string> Differences(JsonElement theirs, ModelPrice ours)
    {
        foreach (var (field, of) in new (string, Func<PriceRates, UnitPrice>)[]
        {
            ("input_mtok", r => r.Input), ("output_mtok", r => r.Output), ("cache_read_mtok", r => r.CachedInput), ("cache_write_mtok", r => r.CacheWrite),
            ("cache_write_1h_mtok", r => r.CacheWrite1h), ("input_audio_mtok", r => r.AudioInput), ("output_audio_mtok", r => r.AudioOutput),
            ("input_image_mtok", r => r.ImageInput), ("output_image_mtok", r => r.ImageOutput),
        })
        {
            if (!theirs.TryGetProperty(field, out var value))
            {
                continue;
            }
            var steps = value.ValueKind == JsonValueKind.Number
                ? [(0L, value.GetDecimal())]
                : value.GetProperty("tiers").EnumerateArray().Select(t => (t.GetProperty("start").GetInt64() + 1, t.GetProperty("price").GetDecimal()))
                    .Prepend((0L, value.GetProperty("base").GetDecimal())).ToArray();
            foreach (var (input, dollars) in steps)
            {
                var rate = of(ours.RatesFor(input));
                if (rate != PerMillion(dollars))
                {
                    yield return $"{field}{(input > 0 ? $" from {input}" : "")} {dollars} here {rate}";
                }
            }
            if (value.ValueKind == JsonValueKind.Number && ours.LongContext.Count > 0)
            {
                yield return $"{field} has no steps there";
            }
        }
    }

    /// <summary>Their price object in force on their day; null when it is empty or changes within a day.</summary>
    private static JsonElement? PricesOn(JsonElement model)
    {
        var prices = model.GetProperty("prices");
        if (prices.ValueKind == JsonValueKind.Array)
        {
            prices = prices.EnumerateArray().Last(p => !p.TryGetProperty("constraint", out var c)
                || (c.TryGetProperty("start_date", out var from) && DateTimeOffset.Parse(from.GetString() + "T00:00Z") <= ItsDay.GetUtcNow())).GetProperty("prices");
        }
        return prices.EnumerateObject().Any() ? prices : null;
    }
}
