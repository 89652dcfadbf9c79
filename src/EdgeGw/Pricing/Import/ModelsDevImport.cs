using System.Text.Json;

namespace EdgeGw.Pricing.Import;

/// <summary>Reads the <c>api.json</c> of models.dev: providers by id, models by id, dollars per million tokens.</summary>
internal static class ModelsDevImport
{
    private const string OlderStep = "context_over_200k";
    private const long OlderThreshold = 200_000;

    private static readonly Dictionary<string, RateClass> Rates = new()
    {
        ["input"] = RateClass.Input,
        ["output"] = RateClass.Output,
        ["cache_read"] = RateClass.CachedInput,
        ["cache_write"] = RateClass.CacheWrite,
        ["reasoning"] = RateClass.Reasoning,
        ["input_audio"] = RateClass.AudioInput,
        ["output_audio"] = RateClass.AudioOutput,
    };

    /// <exception cref="InvalidDataException">Not that file's shape.</exception>
    public static CatalogueDocument Read(JsonElement root, ProviderFilter filter, ImportReport report)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException("This is no api.json of models.dev: an object of providers by id was expected.");
        }
        var lists = new ImportedLists(report);
        foreach (var provider in root.EnumerateObject())
        {
            if (provider.Value.ValueKind != JsonValueKind.Object || !provider.Value.TryGetProperty("models", out var models)
                || models.ValueKind != JsonValueKind.Object)
            {
                throw new InvalidDataException($"This is no api.json of models.dev: {provider.Name} has no \"models\".");
            }
            var kind = ForeignKind.Of(provider.Name);
            if (!filter.Includes(provider.Name, kind))
            {
                continue;
            }
            foreach (var model in models.EnumerateObject())
            {
                lists.Add(kind, ToEntry(new ImportedModel(kind, model.Name, report), model.Value));
            }
        }
        return lists.ToDocument();
    }

    private static CatalogueDocument.ModelEntry? ToEntry(ImportedModel model, JsonElement fields)
    {
        if (fields.ValueKind != JsonValueKind.Object || !fields.TryGetProperty("cost", out var cost) || cost.ValueKind != JsonValueKind.Object)
        {
            model.Lose("no price");
            return null;
        }
        var sheet = new RateSheet();
        var hasTiers = cost.TryGetProperty("tiers", out var tiers) && tiers.ValueKind == JsonValueKind.Array;
        foreach (var price in cost.EnumerateObject())
        {
            if (price.Name == "tiers" && hasTiers)
            {
                continue;
            }
            if (price is { Name: OlderStep, Value.ValueKind: JsonValueKind.Object })
            {
                // The older way to say one of the tiers.
                if (!hasTiers)
                {
                    ReadRates(price.Value, sheet, OlderThreshold, model);
                }
                continue;
            }
            ReadRate(price, sheet, 0, model);
        }
        foreach (var tier in hasTiers ? tiers.EnumerateArray() : default)
        {
            ReadTier(tier, sheet, model);
        }
        if (fields.TryGetProperty("limit", out var limit) && limit.ValueKind == JsonValueKind.Object)
        {
            model.Context = Tokens(limit, "context");
            model.MaxOutput = Tokens(limit, "output");
        }
        if (sheet.IsEmpty)
        {
            model.Lose("no price");
            return null;
        }
        return model.ToEntry([sheet.ToPeriod()]);
    }

    private static void ReadTier(JsonElement tier, RateSheet sheet, ImportedModel model)
    {
        if (tier.ValueKind == JsonValueKind.Object && tier.TryGetProperty("tier", out var when) && when.ValueKind == JsonValueKind.Object
            && when.TryGetProperty("type", out var type) && type.ValueEquals("context") && Tokens(when, "size") is { } above)
        {
            ReadRates(tier, sheet, above, model);
        }
        else
        {
            model.Lose("steps of another kind than input tokens", tier.GetRawText());
        }
    }

    private static void ReadRates(JsonElement rates, RateSheet sheet, long above, ImportedModel model)
    {
        foreach (var price in rates.EnumerateObject().Where(price => price.Name != "tier"))
        {
            ReadRate(price, sheet, above, model);
        }
    }

    private static void ReadRate(JsonProperty price, RateSheet sheet, long above, ImportedModel model)
    {
        if (!Rates.TryGetValue(price.Name, out var of))
        {
            model.Lose("prices without a class of ours", $"{price.Name} {price.Value.GetRawText()}");
        }
        else if (model.Price(price.Value, price.Name, power: 0) is { } rate)
        {
            sheet.Set(of, rate, above);
        }
    }

    private static long? Tokens(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var tokens) && tokens > 0 ? tokens : null;
}
