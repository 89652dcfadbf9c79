using System.Collections.Frozen;
using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

internal static class ModelBinder
{
    public static IReadOnlyDictionary<string, string> Bind(ConfigValue? value, IReadOnlyDictionary<string, ProviderConfig> providers)
    {
        if (value is null || ObjectReader.Open(value, Shapes.Models) is not { } reader)
        {
            return FrozenDictionary<string, string>.Empty;
        }
        var models = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (alias, target) in reader.Values)
        {
            CheckAlias(alias, target, providers);
            if (target.Text() is { } text && IsTarget(text, target, providers))
            {
                models.Add(alias, text);
            }
        }
        return models.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static void CheckAlias(string alias, ConfigValue target, IReadOnlyDictionary<string, ProviderConfig> providers)
    {
        if (alias.Length is 0 or > 256 || alias.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
        {
            target.FaultName("an alias is 1 to 256 characters without spaces");
        }
        else if (alias.IndexOf('/') is >= 0 and var slash && providers.ContainsKey(alias[..slash]))
        {
            target.FaultName($"would hide a model of the provider \"{alias[..slash]}\"");
        }
    }

    private static bool IsTarget(string text, ConfigValue target, IReadOnlyDictionary<string, ProviderConfig> providers)
    {
        var slash = text.IndexOf('/');
        if (slash <= 0 || slash == text.Length - 1 || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
        {
            target.Fault($"{target.Shown} must be \"provider/model\"");
            return false;
        }
        var provider = text[..slash];
        if (providers.ContainsKey(provider))
        {
            return true;
        }
        target.Fault($"no provider is called {SafeText.Quote(provider)}", NameSuggestion.Nearest(provider, providers.Keys));
        return false;
    }
}
