using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

internal static class PricingBinder
{
    /// <summary>Dollars per million tokens; the dearest list price known is below a thousand.</summary>
    private const decimal LargestPrice = 1_000_000m;

    /// <summary>Below this a price is almost surely one per token: the cheapest list prices are about 0.01 per million.</summary>
    private const decimal SuspiciousPrice = 0.0005m;

    /// <summary>Dollars for one of whatever it is.</summary>
    private const decimal LargestFee = 1_000m;

    public static PricingConfig Bind(ConfigValue? value, IReadOnlyDictionary<string, ProviderConfig> providers)
    {
        var pricing = new PricingConfig();
        if (value is null || ObjectReader.Open(value, Shapes.Pricing) is not { } reader)
        {
            return pricing;
        }
        var unpriced = reader.Optional("unpriced")?.OneOf("policy", [("block", UnpricedPolicy.Block), ("ceiling", UnpricedPolicy.Ceiling)]);
        var ceiling = reader.Optional("ceiling_per_million");
        var ceilingPrice = Price(ceiling);
        if (ceilingPrice == 0)
        {
            ceiling!.Fault("must be more than 0: a ceiling of nothing makes every unknown model free");
        }
        return new PricingConfig
        {
            Unpriced = unpriced ?? pricing.Unpriced,
            CeilingPerMillion = ceilingPrice ?? pricing.CeilingPerMillion,
            Files = Files(reader.Optional("files")),
            Overrides = Overrides(reader.Optional("overrides"), providers),
            CustomCost = Callers(reader.Optional("custom_cost")),
            ShowPrices = reader.Optional("show_prices") is { } shown ? Callers(shown) : pricing.ShowPrices,
        };
    }

    private static List<string> Files(ConfigValue? value)
    {
        var files = new List<string>();
        foreach (var item in value?.Items() ?? [])
        {
            if (item.NonEmptyText() is not { } text)
            {
                continue;
            }
            var path = item.Context.ResolvePath(text);
            if (files.Contains(path))
            {
                item.Fault($"{item.Shown} stands here for the second time");
                continue;
            }
            files.Add(path);
        }
        return files;
    }

    private static List<PriceOverride> Overrides(ConfigValue? value, IReadOnlyDictionary<string, ProviderConfig> providers)
    {
        var overrides = new List<PriceOverride>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in value?.Items() ?? [])
        {
            if (ObjectReader.Open(item, Shapes.Override) is not { } reader)
            {
                continue;
            }
            var match = MatchBinder.Bind(reader.Optional("match"));
            var isConditional = reader.Optional("match") is not null;
            var model = Pattern(reader.Required("model"), isConditional ? null : lines, providers);
            var input = Price(reader.Required("input"));
            var output = Price(reader.Required("output"));
            var price = new PriceOverride(model ?? "", input ?? 0, output ?? 0)
            {
                CachedInput = Price(reader.Optional("cached_input")),
                CacheWrite = Price(reader.Optional("cache_write")),
                CacheWrite1h = Price(reader.Optional("cache_write_1h")),
                AudioInput = Price(reader.Optional("audio_input")),
                ImageInput = Price(reader.Optional("image_input")),
                Reasoning = Price(reader.Optional("reasoning")),
                AudioOutput = Price(reader.Optional("audio_output")),
                ImageOutput = Price(reader.Optional("image_output")),
                Fees = Fees(reader.Optional("fees")),
                Match = match,
            };
            if (model is not null && input is not null && output is not null)
            {
                overrides.Add(price);
            }
        }
        return overrides;
    }

    private static string? Pattern(ConfigValue? value, Dictionary<string, int>? lines, IReadOnlyDictionary<string, ProviderConfig> providers)
    {
        if (value?.Text() is not { } pattern)
        {
            return null;
        }
        var slash = pattern.IndexOf('/');
        if (slash <= 0 || slash == pattern.Length - 1)
        {
            value.Fault($"{value.Shown} must be \"provider/model\"; \"*\" stands for any run of characters");
            return null;
        }
        var provider = pattern[..slash];
        if (!provider.Contains('*') && !providers.ContainsKey(provider))
        {
            value.Fault($"no provider is called {SafeText.Quote(provider)}, so this price would never apply", NameSuggestion.Nearest(provider, providers.Keys));
            return null;
        }
        if (lines is not null && !lines.TryAdd(pattern, value.Node.Position.Line))
        {
            value.Fault($"the first match wins, and {value.Shown} stands on line {lines[pattern]} already");
            return null;
        }
        return pattern;
    }

    /// <summary>Nobody, everybody, or those that match.</summary>
    private static PrincipalMatch? Callers(ConfigValue? value)
    {
        if (value?.Node.Kind != ConfigNodeKind.String)
        {
            return MatchBinder.Bind(value);
        }
        return value.OneOf("policy", [("deny", false), ("allow", true)]) == true ? new PrincipalMatch() : null;
    }

    private static FeeOverride? Fees(ConfigValue? value)
    {
        if (value is null || ObjectReader.Open(value, Shapes.Fees) is not { } reader)
        {
            return null;
        }
        return new FeeOverride
        {
            Request = Fee(reader.Optional("request")),
            WebSearch = Fee(reader.Optional("web_search")),
            GroundedRequest = Fee(reader.Optional("grounded_request")),
            FileSearch = Fee(reader.Optional("file_search")),
            Container = Fee(reader.Optional("container")),
            SearchUnit = Fee(reader.Optional("search_unit")),
            Image = Fee(reader.Optional("image")),
            Second = Fee(reader.Optional("second")),
            Character = Fee(reader.Optional("character")),
            Page = Fee(reader.Optional("page")),
        };
    }

    private static decimal? Fee(ConfigValue? value)
    {
        if (value?.Decimal() is not { } fee)
        {
            return null;
        }
        if (fee is < 0 or > LargestFee)
        {
            value.Fault($"must be from 0 to {LargestFee} dollars each");
            return null;
        }
        return fee;
    }

    private static decimal? Price(ConfigValue? value)
    {
        if (value?.Decimal() is not { } price)
        {
            return null;
        }
        if (price is < 0 or > LargestPrice)
        {
            value.Fault($"must be from 0 to {LargestPrice} dollars per million tokens");
            return null;
        }
        if (price is > 0 and < SuspiciousPrice)
        {
            value.Warn("looks like a price per token; prices are dollars per million tokens");
        }
        return price;
    }
}
