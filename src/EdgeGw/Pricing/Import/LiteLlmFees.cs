using System.Text.Json;

namespace EdgeGw.Pricing.Import;

/// <summary>LiteLLM's prices of other things than tokens. What a field means depends on the model's mode.</summary>
internal static class LiteLlmFees
{
    public static void Read(JsonProperty field, JsonElement fields, ImportedModel model)
    {
        var mode = fields.TryGetProperty("mode", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (field.Name == "search_context_cost_per_query")
        {
            ReadSearch(field, model);
        }
        else if (FeeOf(field.Name, mode) is not { } fee)
        {
            model.Lose("prices without a class of ours", $"{field.Name} {field.Value.GetRawText()}");
        }
        else if (model.Price(field.Value, field.Name, power: 0, PriceNumber.FeeDecimals) is { } dollars)
        {
            model.SetFee(fee, dollars);
        }
    }

    private static FeeClass? FeeOf(string name, string? mode) => (name, mode) switch
    {
        ("input_cost_per_request", _) => FeeClass.Request,
        ("input_cost_per_query", "rerank") => FeeClass.SearchUnit,
        ("input_cost_per_query", _) => FeeClass.Request,
        ("output_cost_per_image", _) or ("input_cost_per_image", "image_generation") => FeeClass.Image,
        ("input_cost_per_second" or "output_cost_per_second", "audio_transcription") => FeeClass.Second,
        ("input_cost_per_character", "audio_speech") => FeeClass.Character,
        _ => null,
    };

    private static void ReadSearch(JsonProperty field, ImportedModel model)
    {
        decimal[] sizes = field.Value.ValueKind == JsonValueKind.Object
            ? [.. field.Value.EnumerateObject().Select(size => model.Price(size.Value, $"{field.Name}.{size.Name}", power: 0, PriceNumber.FeeDecimals)).OfType<decimal>().Distinct()]
            : [];
        if (sizes.Length == 1)
        {
            model.SetFee(FeeClass.WebSearch, sizes[0]);
        }
        else
        {
            model.Lose("searches priced by their size", $"{field.Name} {field.Value.GetRawText()}");
        }
    }
}
