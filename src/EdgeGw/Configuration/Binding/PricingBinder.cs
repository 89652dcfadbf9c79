using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

internal static class PricingBinder
{
    /// <summary>Dollars per million tokens; the dearest list price known is below a thousand.</summary>
    private const decimal LargestPrice = 1_000_000m;

    /// <summary>Below this a price is almost surely one per token: the cheapest list prices are about 0.01 per million.</summary>
    private const decimal SuspiciousPrice = 0.0005m;

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
            var model = Pattern(reader.Required("model"), lines, providers);
            var input = Price(reader.Required("input"));
            var output = Price(reader.Required("output"));
            var cachedInput = Price(reader.Optional("cached_input"));
            var cacheWrite = Price(reader.Optional("cache_write"));
            if (model is not null && input is { } inputPrice && output is { } outputPrice)
            {
                overrides.Add(new PriceOverride(model, inputPrice, outputPrice) { CachedInput = cachedInput, CacheWrite = cacheWrite });
            }
        }
        return overrides;
    }

    private static string? Pattern(ConfigValue? value, Dictionary<string, int> lines, IReadOnlyDictionary<string, ProviderConfig> providers)
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
        if (!lines.TryAdd(pattern, value.Node.Position.Line))
        {
            value.Fault($"the first match wins, and {value.Shown} stands on line {lines[pattern]} already");
            return null;
        }
        return pattern;
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
