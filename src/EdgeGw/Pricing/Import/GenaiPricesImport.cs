using System.Text.Json;

namespace EdgeGw.Pricing.Import;

/// <summary>Reads the version-2 data file of genai-prices.</summary>
/// <remarks>
/// A step of a tiered price starts at one token more than its <c>start</c>: their schema gives 199,999 and 200,001 as the two sides of a start of
/// 200,000, and their calculation compares with "greater than". The step holds for all tokens of the request, as ours does.
/// </remarks>
internal static class GenaiPricesImport
{
    private static readonly Dictionary<string, RateClass> Rates = new()
    {
        ["input_mtok"] = RateClass.Input,
        ["output_mtok"] = RateClass.Output,
        ["cache_read_mtok"] = RateClass.CachedInput,
        ["cache_write_mtok"] = RateClass.CacheWrite,
        ["cache_write_1h_mtok"] = RateClass.CacheWrite1h,
        ["input_audio_mtok"] = RateClass.AudioInput,
        ["input_image_mtok"] = RateClass.ImageInput,
        ["output_reasoning_mtok"] = RateClass.Reasoning,
        ["output_audio_mtok"] = RateClass.AudioOutput,
        ["output_image_mtok"] = RateClass.ImageOutput,
    };

    /// <summary>Classes that are part of one of ours: said, where they cost the same, and lost where they do not.</summary>
    private static readonly Dictionary<string, string> Parts = new()
    {
        ["input_text_mtok"] = "input_mtok",
        ["output_text_mtok"] = "output_mtok",
        ["cache_text_read_mtok"] = "cache_read_mtok",
        ["cache_audio_read_mtok"] = "cache_read_mtok",
        ["cache_image_read_mtok"] = "cache_read_mtok",
        ["cache_write_5m_mtok"] = "cache_write_mtok",
        ["input_video_mtok"] = "input_mtok",
        ["output_video_mtok"] = "output_mtok",
        ["output_citation_mtok"] = "output_mtok",
    };

    private static readonly Dictionary<string, FeeClass> Fees = new()
    {
        ["requests_kcount"] = FeeClass.Request,
        ["web_searches_kcount"] = FeeClass.WebSearch,
    };

    /// <exception cref="InvalidDataException">Not that file's shape.</exception>
    public static CatalogueDocument Read(JsonElement root, ProviderFilter filter, ImportReport report)
    {
        if (root.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidDataException("This is no data file of genai-prices: an array of providers was expected.");
        }
        var lists = new ImportedLists(report);
        foreach (var provider in root.EnumerateArray())
        {
            if (provider.ValueKind != JsonValueKind.Object || Text(provider, "id") is not { } name
                || !provider.TryGetProperty("models", out var models) || models.ValueKind != JsonValueKind.Array)
            {
                throw new InvalidDataException("This is no data file of genai-prices: a provider without \"id\" and \"models\".");
            }
            var kind = ForeignKind.Of(name);
            if (!filter.Includes(name, kind))
            {
                continue;
            }
            foreach (var model in models.EnumerateArray())
            {
                lists.Add(kind, ToEntry(kind, model, report));
            }
            if (provider.TryGetProperty("fallback_model_providers", out var fallbacks) && fallbacks.ValueKind == JsonValueKind.Array)
            {
                foreach (var fallback in fallbacks.EnumerateArray())
                {
                    lists.Resell(kind, ForeignKind.Of(fallback.GetString() ?? ""));
                }
            }
        }
        return lists.ToDocument();
    }

    /// <summary>One object of prices; the fees go to the model.</summary>
    internal static RateSheet ReadPrices(JsonElement prices, ImportedModel model)
    {
        var sheet = new RateSheet();
        foreach (var price in prices.EnumerateObject())
        {
            if (Rates.TryGetValue(price.Name, out var of))
            {
                ReadRate(price, of, sheet, model);
            }
            else if (Fees.TryGetValue(price.Name, out var fee))
            {
                if (model.Price(price.Value, price.Name, power: -3, PriceNumber.FeeDecimals) is { } dollars)
                {
                    model.SetFee(fee, dollars);
                }
            }
            else if (!Parts.TryGetValue(price.Name, out var whole) || !prices.TryGetProperty(whole, out var same) || !JsonElement.DeepEquals(same, price.Value))
            {
                model.Lose("prices without a class of ours", $"{price.Name} {price.Value.GetRawText()}");
            }
        }
        return sheet;
    }

    private static void ReadRate(JsonProperty price, RateClass of, RateSheet sheet, ImportedModel model)
    {
        if (price.Value.ValueKind != JsonValueKind.Object)
        {
            if (model.Price(price.Value, price.Name, power: 0) is { } flat)
            {
                sheet.Set(of, flat);
            }
            return;
        }
        if (price.Value.TryGetProperty("base", out var start) && model.Price(start, price.Name, power: 0) is { } first)
        {
            sheet.Set(of, first);
        }
        if (!price.Value.TryGetProperty("tiers", out var tiers) || tiers.ValueKind != JsonValueKind.Array)
        {
            return;
        }
        foreach (var tier in tiers.EnumerateArray())
        {
            if (tier.TryGetProperty("start", out var above) && above.TryGetInt64(out var tokens) && tokens > 0
                && tier.TryGetProperty("price", out var dearer) && model.Price(dearer, price.Name, power: 0) is { } rate)
            {
                sheet.Set(of, rate, tokens);
            }
            else
            {
                model.Lose("steps without a start and a price", $"{price.Name} {tier.GetRawText()}");
            }
        }
    }

    private static CatalogueDocument.ModelEntry? ToEntry(string kind, JsonElement model, ImportReport report)
    {
        if (model.ValueKind != JsonValueKind.Object || Text(model, "id") is not { } id || !model.TryGetProperty("prices", out var prices))
        {
            throw new InvalidDataException($"This is no data file of genai-prices: {kind} has a model without \"id\" and \"prices\".");
        }
        var made = new ImportedModel(kind, id, report);
        if (model.TryGetProperty("match", out var rule) && rule.ValueKind == JsonValueKind.Object)
        {
            GenaiMatch.Read(rule, made);
        }
        if (model.TryGetProperty("context_window", out var window) && window.TryGetInt64(out var tokens))
        {
            made.Context = tokens;
        }
        return GenaiPeriods.Read(prices, made) is { } periods ? made.ToEntry(periods) : null;
    }

    private static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
