using EdgeGw.Configuration;
using EdgeGw.Matching;
using EdgeGw.Metering;

namespace EdgeGw.Policy;

/// <summary>Models, providers and dialects that may be used: those that every list that is not empty names.</summary>
/// <remarks>A list of models holds no call whose model is not known: what cannot be seen cannot be allowed.</remarks>
internal static class ResourceSet
{
    public static bool Contains(ResourceMatch set, string? provider, string? model, Dialect dialect) =>
        Contains(set.Models, set.Providers, set.Dialects, provider, model, dialect);

    public static bool Contains(
        IReadOnlyList<string> models, IReadOnlyList<string> providers, IReadOnlyList<Dialect> dialects, string? provider, string? model, Dialect dialect) =>
        CallFilter.Any(providers, provider)
            && (models.Count == 0 || (!string.IsNullOrEmpty(model) && CallFilter.IsModel(models, provider, model)))
            && (dialects.Count == 0 || dialects.Contains(dialect));
}
