using System.Collections.Frozen;

namespace EdgeGw.Pricing;

/// <summary>One provider's models by name: exact, then as a snapshot of a family, then by pattern. Looking up allocates nothing.</summary>
internal sealed class PriceList
{
    private readonly FrozenDictionary<string, CatalogueModel>.AlternateLookup<ReadOnlySpan<char>> _byName;
    private readonly (string Pattern, CatalogueModel Model)[] _patterns;
    private readonly string[] _prefixes;
    private readonly string _kind;

    public PriceList(CatalogueProvider provider)
    {
        _kind = provider.Kinds[0];
        var byName = new Dictionary<string, CatalogueModel>(StringComparer.OrdinalIgnoreCase);
        foreach (var model in provider.Models)
        {
            foreach (var name in model.Names)
            {
                if (!byName.TryAdd(name, model))
                {
                    throw new InvalidDataException($"The price catalogue names {provider.Kinds[0]}/{name} twice.");
                }
            }
        }
        _byName = byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        _patterns = [.. provider.Models.SelectMany(model => model.Patterns.Select(pattern => (pattern, model)))];
        _prefixes = provider.Prefixes;
    }

    public PriceMatch? Find(ReadOnlySpan<char> model)
    {
        foreach (var prefix in _prefixes)
        {
            if (model.Length > prefix.Length && model.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                model = model[prefix.Length..];
                break;
            }
        }
        var family = model;
        do
        {
            if (_byName.TryGetValue(family, out var found))
            {
                return new PriceMatch(found, _kind, family.Length < model.Length ? MatchKind.Family
                    : family.Equals(found.Id, StringComparison.OrdinalIgnoreCase) ? MatchKind.Id : MatchKind.Alias, null);
            }
        }
        while (SnapshotName.TryShorten(ref family));
        foreach (var (pattern, matched) in _patterns)
        {
            if (Wildcard.IsMatch(pattern, model))
            {
                return new PriceMatch(matched, _kind, MatchKind.Pattern, pattern);
            }
        }
        return null;
    }
}
