using System.Text.Json;
using EdgeGw.Metering;
using EdgeGw.Pricing.Import;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing.Import;

/// <summary>The whole published file of genai-prices: each imported model costs what a naive reading of the source says.</summary>
public sealed class PublishedFileImportTests
{
    private static readonly FixedTime ItsDay = new(new DateTimeOffset(2026, 8, 21, 12, 0, 0, TimeSpan.Zero));

    [RequiresSharedFact]
    public void Each_model_costs_what_a_naive_reading_says()
    {
        var json = File.ReadAllText(Path.Combine(SharedFolder.Find()!, "prices", "genai-prices-v2-data.json"));
        var imported = Imports.Of(PriceFormat.GenaiPrices, json);
        using var source = JsonDocument.Parse(json);
        var (compared, left) = (0, 0);
        foreach (var provider in source.RootElement.EnumerateArray())
        {
            foreach (var model in provider.GetProperty("models").EnumerateArray())
            {
                var name = $"{provider.GetProperty("id").GetString()}/{model.GetProperty("id").GetString()}";
                var price = imported.Price(ForeignKind.Of(provider.GetProperty("id").GetString()!), model.GetProperty("id").GetString()!, ItsDay);
                if (PricesOn(model.GetProperty("prices")) is not { } prices)
                {
                    left++;
                    continue;
                }
                Assert.True(price is not null, $"{name} has no price");
                compared++;
                foreach (var usage in Usages(prices))
                {
                    var exact = Naive(prices, usage);
                    var cost = Imports.Cost(usage, price).Value;
                    Assert.True(cost >= exact && cost < exact + 10, $"{name} {usage}: {cost}, naively {exact}");
                }
            }
        }
        Assert.True(compared > 1300, $"{compared} compared");
        // What is missing is in the report: without a price, or by the time of day.
        Assert.Equal(left, imported.Report.ByReason.Where(r => r.Key == "no price" || r.Key.StartsWith("prices by the time", StringComparison.Ordinal)).Sum(r => r.Value.Count));
    }

    private static IEnumerable<Usage> Usages(JsonElement prices)
    {
        var starts = prices.EnumerateObject().Where(price => price.Value.ValueKind == JsonValueKind.Object)
            .SelectMany(price => price.Value.GetProperty("tiers").EnumerateArray()).Select(tier => tier.GetProperty("start").GetInt64()).Distinct().ToArray();
        foreach (var input in starts.SelectMany(start => new[] { start - 1, start, start + 1 }).Concat([1, 1234, 100_000]))
        {
            yield return new Usage { Input = input, Output = 777 };
            yield return new Usage
            {
                Input = input,
                CachedInput = input / 3,
                CacheWrite = input / 5,
                CacheWrite1h = input / 7,
                AudioInput = input / 11,
                ImageInput = input / 13,
                Output = 10_000,
                Reasoning = 3_000,
                AudioOutput = 1_000,
                ImageOutput = 500,
                WebSearches = 3,
            };
        }
    }

    /// <summary>In nano-dollars. A class without a price belongs to the class it is part of.</summary>
    private static decimal Naive(JsonElement prices, Usage usage)
    {
        decimal? Rate(string name)
        {
            if (!prices.TryGetProperty(name, out var price))
            {
                return null;
            }
            return price.ValueKind == JsonValueKind.Number ? price.GetDecimal() : price.GetProperty("tiers").EnumerateArray()
                .Where(tier => usage.Input > tier.GetProperty("start").GetInt64()).Select(tier => tier.GetProperty("price").GetDecimal())
                .LastOrDefault(price.GetProperty("base").GetDecimal());
        }
        var input = Rate("input_mtok") ?? 0;
        var output = Rate("output_mtok") ?? 0;
        var write = Rate("cache_write_mtok") ?? input;
        (long Count, decimal Rate)[] parts =
        [
            (usage.CachedInput, Math.Min(input, Rate("cache_read_mtok") ?? input)), (usage.CacheWrite - usage.CacheWrite1h, write),
            (usage.CacheWrite1h, Rate("cache_write_1h_mtok") ?? write),
            (usage.AudioInput, Rate("input_audio_mtok") ?? input), (usage.ImageInput, Rate("input_image_mtok") ?? input),
        ];
        (long Count, decimal Rate)[] outputs =
        [
            (usage.Reasoning, Rate("output_reasoning_mtok") ?? output), (usage.AudioOutput, Rate("output_audio_mtok") ?? output),
            (usage.ImageOutput, Rate("output_image_mtok") ?? output),
        ];
        var tokens = parts.Sum(part => part.Count * part.Rate) + ((usage.Input - parts.Sum(part => part.Count)) * input)
            + outputs.Sum(part => part.Count * part.Rate) + ((usage.Output - outputs.Sum(part => part.Count)) * output);
        var fees = (Rate("requests_kcount") ?? 0) + ((Rate("web_searches_kcount") ?? 0) * usage.WebSearches);
        return (tokens * 1000) + (fees * 1_000_000);
    }

    /// <summary>The object in force on the file's day; null where there is none, or where the time of day decides.</summary>
    private static JsonElement? PricesOn(JsonElement prices)
    {
        if (prices.ValueKind == JsonValueKind.Array)
        {
            var list = prices.EnumerateArray().ToArray();
            if (list.Any(each => each.TryGetProperty("constraint", out var when) && when.TryGetProperty("start_time", out _)))
            {
                return null;
            }
            prices = list.Last(each => !each.TryGetProperty("constraint", out var when)
                || DateTimeOffset.Parse(when.GetProperty("start_date").GetString() + "T00:00Z") <= ItsDay.GetUtcNow()).GetProperty("prices");
        }
        return prices.EnumerateObject().Any() ? prices : null;
    }
}
