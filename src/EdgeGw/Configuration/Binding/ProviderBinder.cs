using System.Collections.Frozen;
using EdgeGw.Configuration.Reading;
using EdgeGw.Pricing;

namespace EdgeGw.Configuration.Binding;

internal static class ProviderBinder
{
    /// <summary>The dearest region known costs half as much again; beyond this a factor is almost surely a mistake.</summary>
    private const decimal LargestFactor = 100m;

    public static IReadOnlyDictionary<string, ProviderConfig> Bind(ConfigValue? value)
    {
        if (value is null || ObjectReader.Open(value, Shapes.Providers) is not { } reader)
        {
            return FrozenDictionary<string, ProviderConfig>.Empty;
        }
        var providers = new Dictionary<string, ProviderConfig>(StringComparer.Ordinal);
        foreach (var (name, provider) in reader.Values)
        {
            if (!NameRules.IsProvider(name))
            {
                provider.FaultName(NameRules.ProviderExpected);
            }
            else if (NameRules.IsReserved(name) || provider.Context.Providers.IsReservedName(name))
            {
                provider.FaultName($"\"{name}\" is a path of the gateway itself; give the provider another name and say its kind");
            }
            // Kept even where it has faults, so that an alias to it is not called unknown as well.
            providers.Add(name, Provider(name, provider));
        }
        return providers.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static ProviderConfig Provider(string name, ConfigValue value)
    {
        if (ObjectReader.Open(value, Shapes.Provider) is not { } reader)
        {
            return new ProviderConfig { Kind = name };
        }
        var baseUrl = reader.Optional("base_url");
        var kind = Kind(name, value, reader.Optional("kind"));
        var isAws = kind is not null && value.Context.Providers.Aws.Contains(kind);
        if (!isAws && kind is not null && baseUrl is null && value.Context.Providers.NeedBaseUrl.Contains(kind))
        {
            value.Fault($"a provider of kind \"{kind}\" has an address of its own: \"base_url\" is missing");
        }
        var pricing = reader.Optional("pricing");
        var free = pricing?.OneOf("pricing", [("free", true)]) ?? false;
        var apiKey = reader.Optional("api_key");
        var (url, aws) = (BaseUrl(baseUrl), default(AwsConfig));
        if (isAws)
        {
            (url, aws) = AwsBinder.Bind(reader, value, url, hasBaseUrl: baseUrl is not null, hasApiKey: apiKey is not null);
        }
        else if (kind is not null)
        {
            RefuseAws(reader, kind);
        }
        return new ProviderConfig
        {
            Kind = kind ?? name,
            BaseUrl = url,
            ApiKey = ApiKey(apiKey),
            Aws = aws,
            Free = free,
            PriceFactor = Factor(reader.Optional("price_factor")) ?? Multiplier.One,
            Http2 = reader.Optional("http2")?.Boolean() ?? false,
        };
    }

    private static Multiplier? Factor(ConfigValue? value)
    {
        if (value?.Decimal() is not { } factor)
        {
            return null;
        }
        if (factor is <= 0 or > LargestFactor || factor * 1_000_000 != decimal.Truncate(factor * 1_000_000))
        {
            value.Fault($"must be more than 0, at most {LargestFactor}, and have at most six digits after the point");
            return null;
        }
        return Multiplier.FromDecimal(factor);
    }

    private static void RefuseAws(ObjectReader reader, string kind)
    {
        foreach (var name in AwsBinder.Names)
        {
            reader.Optional(name)?.FaultName($"is for AWS's own providers, and a provider of kind \"{kind}\" is none");
        }
    }

    private static string? Kind(string name, ConfigValue provider, ConfigValue? kind)
    {
        var kinds = provider.Context.Providers.Kinds;
        if (kind is null)
        {
            if (kinds.Contains(name))
            {
                return name;
            }
            provider.FaultName($"{SafeText.Quote(name)} is no built-in provider: say its \"kind\"", NameSuggestion.Nearest(name, kinds));
            return null;
        }
        if (kind.Text() is not { } text)
        {
            return null;
        }
        if (kinds.Contains(text))
        {
            return text;
        }
        var suggestion = NameSuggestion.Nearest(text, kinds);
        kind.Fault($"unknown kind {kind.Shown}" + (suggestion is null ? $"; known: {string.Join(", ", kinds.Order())}" : ""), suggestion);
        return null;
    }

    private static Uri? BaseUrl(ConfigValue? value)
    {
        if (value?.Text() is not { } text)
        {
            return null;
        }
        if (BaseUrlRule.Check(text, out var uri) is { } fault)
        {
            value.Fault(fault);
            return null;
        }
        return uri;
    }

    private static string? ApiKey(ConfigValue? value)
    {
        if (value?.Text() is not { } key)
        {
            return null;
        }
        if (ApiKeyRule.Check(key) is { } fault)
        {
            value.Fault(fault);
            return null;
        }
        return key;
    }
}
