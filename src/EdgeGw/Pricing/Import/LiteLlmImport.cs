using System.Text.Json;

namespace EdgeGw.Pricing.Import;

/// <summary>Reads LiteLLM's <c>model_prices_and_context_window.json</c>: dollars per single token, second, image, query or character.</summary>
/// <remarks>Steps start above their threshold, as in LiteLLM's own calculation; a class without a price of a step keeps its first one.</remarks>
internal static class LiteLlmImport
{
    private static readonly string[] NoModels = ["sample_spec", "fallback_generalizations"];

    private static readonly Dictionary<string, RateClass> Rates = new()
    {
        ["input_cost_per_token"] = RateClass.Input,
        ["output_cost_per_token"] = RateClass.Output,
        ["cache_read_input_token_cost"] = RateClass.CachedInput,
        ["cache_creation_input_token_cost"] = RateClass.CacheWrite,
        ["cache_creation_input_token_cost_above_1hr"] = RateClass.CacheWrite1h,
        ["input_cost_per_audio_token"] = RateClass.AudioInput,
        ["input_cost_per_image_token"] = RateClass.ImageInput,
        ["output_cost_per_reasoning_token"] = RateClass.Reasoning,
        ["output_cost_per_audio_token"] = RateClass.AudioOutput,
        ["output_cost_per_image_token"] = RateClass.ImageOutput,
    };

    /// <exception cref="InvalidDataException">Not that file's shape.</exception>
    public static CatalogueDocument Read(JsonElement root, ProviderFilter filter, ImportReport report)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException("This is no price map of LiteLLM: an object of models by name was expected.");
        }
        var lists = new ImportedLists(report);
        foreach (var model in root.EnumerateObject().Where(model => !NoModels.Contains(model.Name)))
        {
            if (model.Value.ValueKind != JsonValueKind.Object || Text(model.Value, "litellm_provider") is not { } provider)
            {
                report.Add("no model with a litellm_provider", model.Name);
                continue;
            }
            var kind = ForeignKind.Of(provider);
            if (filter.Includes(provider, kind))
            {
                lists.Add(kind, ToEntry(new ImportedModel(kind, IdOf(model.Name, kind), report), model.Value));
            }
        }
        return lists.ToDocument();
    }

    /// <summary>The name without the provider in front of it.</summary>
    private static string IdOf(string key, string kind)
    {
        var slash = key.IndexOf('/');
        return slash > 0 && slash < key.Length - 1 && ForeignKind.Of(key[..slash]) == kind ? key[(slash + 1)..] : key;
    }

    private static CatalogueDocument.ModelEntry? ToEntry(ImportedModel model, JsonElement fields)
    {
        var sheet = new RateSheet();
        var tiers = new SortedDictionary<string, RateSheet>(StringComparer.Ordinal);
        foreach (var field in fields.EnumerateObject())
        {
            // Beside prices the map holds capabilities, limits and links.
            if (field.Value.ValueKind == JsonValueKind.Null || !(field.Name.Contains("cost", StringComparison.Ordinal) || field.Name.Contains("pric", StringComparison.Ordinal)))
            {
                continue;
            }
            var price = LiteLlmField.Parse(field.Name);
            if (!Rates.TryGetValue(price.Name, out var of))
            {
                LiteLlmFees.Read(field, fields, model);
            }
            else if (model.Price(field.Value, field.Name, power: 6) is { } rate)
            {
                var into = price.Tier is null ? sheet : tiers.TryGetValue(price.Tier, out var own) ? own : tiers[price.Tier] = new RateSheet();
                into.Set(of, rate, price.Above);
            }
        }
        if (sheet.IsEmpty && model.Fees is null)
        {
            model.Lose("no price");
            return null;
        }
        foreach (var (name, tier) in tiers)
        {
            AddTier(model, name, tier, sheet);
        }
        model.Context = Tokens(fields, "max_input_tokens");
        model.MaxOutput = Tokens(fields, "max_output_tokens");
        return model.ToEntry([sheet.ToPeriod()]);
    }

    private static void AddTier(ImportedModel model, string name, RateSheet tier, RateSheet standard)
    {
        if (tier.RatioTo(standard) is not { } ratio)
        {
            model.Lose("service tiers whose prices are no one factor of the standard ones", name);
            return;
        }
        var missing = standard.Cells.Where(cell => cell.Rate != 0 && !tier.Cells.Any(own => own.Class == cell.Class && own.Above == cell.Above))
            .Select(cell => cell.Class.Name).Distinct().ToArray();
        if (missing.Length > 0)
        {
            model.Lose("service tiers without a price of some classes: the factor of the others is used", $"{name}: {string.Join(", ", missing)}");
        }
        model.Tiers.Add(name, ratio.Denominator == 1 ? $"{ratio.Numerator}" : $"{ratio.Numerator}/{ratio.Denominator}");
    }

    private static long? Tokens(JsonElement fields, string name) =>
        fields.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var tokens) && tokens > 0 ? tokens : null;

    private static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
