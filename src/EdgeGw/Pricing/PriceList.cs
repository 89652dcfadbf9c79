using System.Collections.Frozen;

namespace EdgeGw.Pricing;

/// <summary>One provider's models by name: exact, then as a snapshot of a family, then by pattern. Looking up allocates nothing.</summary>
internal sealed class PriceList
{
    private readonly FrozenDictionary<string, PriceHistory>.AlternateLookup<ReadOnlySpan<char>> _byName;
    private readonly (string Pattern, PriceHistory History)[] _patterns;
    private readonly string[] _prefixes;

    public PriceList(CatalogueProvider provider)
    {
        var byName = new Dictionary<string, PriceHistory>(StringComparer.OrdinalIgnoreCase);
        foreach (var model in provider.Models)
        {
            foreach (var name in model.Aliases.Prepend(model.Id))
            {
                if (!byName.TryAdd(name, model.History))
                {
                    throw new InvalidDataException($"The price catalogue names {provider.Kinds[0]}/{name} twice.");
                }
            }
        }
        _byName = byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        _patterns = [.. provider.Models.SelectMany(model => model.Patterns.Select(pattern => (pattern, model.History)))];
        _prefixes = provider.Prefixes;
    }

    public PriceHistory? Find(ReadOnlySpan<char> model)
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
            if (_byName.TryGetValue(family, out var history))
            {
                return history;
            }
        }
        while (SnapshotName.TryShorten(ref family));
        foreach (var (pattern, history) in _patterns)
        {
            if (Wildcard.IsMatch(pattern, model))
            {
                return history;
            }
        }
        return null;
    }
}
