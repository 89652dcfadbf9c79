using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeGw.Pricing;

/// <summary>The catalogue's file as it is written. Token prices are dollars per million, fees are dollars each; unknown names are errors.</summary>
internal sealed record CatalogueDocument
{
    public required ProviderEntry[] Providers { get; init; }

    internal sealed record ProviderEntry
    {
        /// <summary>Provider kinds that this price list holds for.</summary>
        public required string[] Kinds { get; init; }

        /// <summary>A kind is also looked up in these lists, by their first kind: clouds that sell others' models at list price.</summary>
        public string[] Resells { get; init; } = [];

        /// <summary>Prefixes that are taken off a model's name before it is looked up.</summary>
        public string[] Prefixes { get; init; } = [];

        /// <summary>Factors that hold for every model of the provider, unless the model names its own.</summary>
        public Dictionary<string, string> Tiers { get; init; } = [];

        public Fees Fees { get; init; } = new();
        public ModelEntry[] Models { get; init; } = [];
    }

    internal sealed record ModelEntry
    {
        public required string Id { get; init; }
        public string[] Aliases { get; init; } = [];
        /// <summary>With <c>*</c>; tried after exact names and families, in the order of the file.</summary>
        public string[] Patterns { get; init; } = [];
        public long? Context { get; init; }
        public long? MaxOutput { get; init; }
        public long? MaxImageTokens { get; init; }
        /// <summary>Instead of the provider's factors of the same names.</summary>
        public Dictionary<string, string> Tiers { get; init; } = [];
        public Fees? Fees { get; init; }
        public required Period[] Prices { get; init; }
    }

    internal record Rates
    {
        public decimal Input { get; init; }
        public decimal Output { get; init; }
        public decimal? CachedInput { get; init; }
        public decimal? CacheWrite { get; init; }
        [JsonPropertyName("cache_write_1h")]
        public decimal? CacheWrite1h { get; init; }
        public decimal? AudioInput { get; init; }
        public decimal? ImageInput { get; init; }
        public decimal? Reasoning { get; init; }
        public decimal? AudioOutput { get; init; }
        public decimal? ImageOutput { get; init; }
    }

    internal sealed record Period : Rates
    {
        /// <summary>The first instant of these prices; absent: since ever.</summary>
        public DateTimeOffset? From { get; init; }
        public LongRates[] Long { get; init; } = [];
        public Peak? Peak { get; init; }
    }

    internal sealed record Peak
    {
        /// <summary>What all token rates are multiplied with in peak hours.</summary>
        public required int Factor { get; init; }
        /// <summary>Each <c>from-to</c> in whole hours, the end not included.</summary>
        public required string[] HoursUtc { get; init; }
        public bool WeekdaysOnly { get; init; }
    }

    internal sealed record LongRates : Rates
    {
        /// <summary>The dearer rates start at one token more than this.</summary>
        public required long Above { get; init; }
    }

    internal sealed record Fees
    {
        public decimal Request { get; init; }
        public decimal WebSearch { get; init; }
        public decimal GroundedRequest { get; init; }
        public decimal SearchUnit { get; init; }
        public decimal Image { get; init; }
        public decimal Second { get; init; }
        public decimal Character { get; init; }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(CatalogueDocument))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
