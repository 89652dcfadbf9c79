using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeGw.Pricing;

/// <summary>The catalogue's file as it is written. Token prices are dollars per million, fees are dollars each; unknown names are errors.</summary>
/// <remarks>Properties are set, not init: the source-generated reader overwrites an absent init-only property's default with null.</remarks>
internal sealed record CatalogueDocument
{
    public required ProviderEntry[] Providers { get; set; }

    internal sealed record ProviderEntry
    {
        /// <summary>Provider kinds that this price list holds for.</summary>
        public required string[] Kinds { get; set; }

        /// <summary>A kind is also looked up in these lists, by their first kind: clouds that sell others' models at list price.</summary>
        public string[] Resells { get; set; } = [];

        /// <summary>Prefixes that are taken off a model's name before it is looked up.</summary>
        public string[] Prefixes { get; set; } = [];

        /// <summary>Factors that hold for every model of the provider, unless the model names its own.</summary>
        public Dictionary<string, string> Tiers { get; set; } = [];

        /// <summary>Tiers that are not offered for long inputs.</summary>
        public string[] ShortOnly { get; set; } = [];

        public Place[] Places { get; set; } = [];
        public Fees Fees { get; set; } = new();
        public ModelEntry[] Models { get; set; } = [];
    }

    internal sealed record ModelEntry
    {
        public required string Id { get; set; }
        public string[] Aliases { get; set; } = [];
        /// <summary>With <c>*</c>; tried after exact names and families, in the order of the file.</summary>
        public string[] Patterns { get; set; } = [];
        public long? Context { get; set; }
        public long? MaxOutput { get; set; }
        public long? MaxImageTokens { get; set; }
        /// <summary>Instead of the provider's factors of the same names.</summary>
        public Dictionary<string, string> Tiers { get; set; } = [];
        public Fees? Fees { get; set; }
        public required Period[] Prices { get; set; }
    }

    internal record Rates
    {
        public decimal Input { get; set; }
        public decimal Output { get; set; }
        public decimal? CachedInput { get; set; }
        public decimal? CacheWrite { get; set; }
        [JsonPropertyName("cache_write_1h")]
        public decimal? CacheWrite1h { get; set; }
        public decimal? AudioInput { get; set; }
        public decimal? ImageInput { get; set; }
        public decimal? Reasoning { get; set; }
        public decimal? AudioOutput { get; set; }
        public decimal? ImageOutput { get; set; }
    }

    internal sealed record Period : Rates
    {
        /// <summary>The first instant of these prices; absent: since ever.</summary>
        public DateTimeOffset? From { get; set; }
        public LongRates[] Long { get; set; } = [];
        public Peak? Peak { get; set; }
    }

    internal sealed record Peak
    {
        /// <summary>What all token rates are multiplied with in peak hours.</summary>
        public required int Factor { get; set; }
        /// <summary>Each <c>from-to</c> in whole hours, the end not included.</summary>
        public required string[] HoursUtc { get; set; }
        public bool WeekdaysOnly { get; set; }
    }

    internal sealed record Place
    {
        /// <summary>As answers name it; absent: the names of the models tell, prefixes included.</summary>
        public string? Name { get; set; }
        public required string Factor { get; set; }
        /// <summary>Patterns with <c>*</c>.</summary>
        public string[] Models { get; set; } = ["*"];
        public string[] Except { get; set; } = [];
    }

    internal sealed record LongRates : Rates
    {
        /// <summary>The dearer rates start at one token more than this.</summary>
        public required long Above { get; set; }
    }

    internal sealed record ImageEntry
    {
        public required string Size { get; set; }
        public string? Quality { get; set; }
        public required decimal Price { get; set; }
    }

    internal sealed record Fees
    {
        public decimal Request { get; set; }
        /// <summary>By search context: low, medium, high.</summary>
        public decimal[]? RequestByContext { get; set; }
        public decimal WebSearch { get; set; }
        public decimal GroundedRequest { get; set; }
        public decimal FileSearch { get; set; }
        public decimal Container { get; set; }
        public decimal SearchUnit { get; set; }
        public decimal Image { get; set; }
        /// <summary>By size and quality; the first one is what a request without either gets.</summary>
        public ImageEntry[] Images { get; set; } = [];
        public decimal Second { get; set; }
        public long MinSeconds { get; set; }
        public decimal Character { get; set; }
        public decimal Page { get; set; }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CatalogueDocument))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
