namespace EdgeGw.Pricing;

/// <summary>
/// Lays a price file over a catalogue, by provider kind and model: a name in the file wins over the same name below. An entry whose id the file
/// names is replaced whole, its other names included. What is not named in the file stays.
/// </summary>
/// <remarks>An exact name below still counts before a family or pattern of the file: the surest match wins, and only among equals the file.</remarks>
internal static class CatalogueLayers
{
    /// <exception cref="InvalidDataException">A name stands twice in one list.</exception>
    public static List<CatalogueProvider> Merge(PriceCatalogue below, IEnumerable<CatalogueProvider> file, string source)
    {
        var merged = below.Providers.ToList();
        foreach (var list in file)
        {
            foreach (var kind in list.Kinds)
            {
                CatalogueModel[] models = [.. list.Models.Select(model => Inherit(model, below.FindMatch(kind, model.Id)) with { Source = source })];
                MergeKind(merged, kind, list with { Kinds = [kind], Models = models });
            }
        }
        return merged;
    }

    private static void MergeKind(List<CatalogueProvider> merged, string kind, CatalogueProvider file)
    {
        var place = merged.FindIndex(list => list.Kinds.Contains(kind));
        if (place < 0)
        {
            merged.Add(file);
            return;
        }
        var below = merged[place];
        // Kinds that share a list part here: the file speaks of one of them.
        string[] others = [.. below.Kinds.Where(other => other != kind)];
        merged[place] = Over(below, file);
        if (others.Length > 0)
        {
            merged.Add(below with { Kinds = others });
        }
    }

    private static CatalogueProvider Over(CatalogueProvider below, CatalogueProvider file)
    {
        var named = file.Models.SelectMany(model => model.Names.Select(name => (name, model)))
            .ToLookup(each => each.name, each => each.model, StringComparer.OrdinalIgnoreCase);
        var models = new List<CatalogueModel>();
        foreach (var model in file.Models)
        {
            var replaced = below.Models.Where(old => named[old.Id].FirstOrDefault() == model).ToArray();
            models.Add(model with
            {
                Aliases = [.. model.Aliases, .. replaced.SelectMany(old => old.Aliases).Where(alias => !named.Contains(alias))],
                Patterns = [.. model.Patterns, .. replaced.SelectMany(old => old.Patterns)],
            });
        }
        models.AddRange(below.Models.Where(old => !named.Contains(old.Id))
            .Select(old => old.Aliases.Any(named.Contains) ? old with { Aliases = [.. old.Aliases.Where(alias => !named.Contains(alias))] } : old));
        return new CatalogueProvider(file.Kinds, [.. below.Resells.Union(file.Resells)], [.. below.Prefixes.Union(file.Prefixes)], [.. models])
        {
            Places = [.. file.Places, .. below.Places],
        };
    }

    /// <summary>What the file does not speak of stays as it was listed: limits, factors of tiers, fees.</summary>
    private static CatalogueModel Inherit(CatalogueModel model, PriceMatch? before)
    {
        if (before is not { } match)
        {
            return model;
        }
        var old = match.Model.History.LatestFirst.First();
        return model with
        {
            History = new PriceHistory(model.History.LatestFirst.Select(price => price with
            {
                ContextWindow = price.ContextWindow ?? old.ContextWindow,
                MaxOutput = price.MaxOutput ?? old.MaxOutput,
                MaxImageTokens = price.MaxImageTokens ?? old.MaxImageTokens,
                Fees = price.Fees == UnitFees.None ? old.Fees : price.Fees,
                Places = price.Places.Count == 0 ? old.Places : price.Places,
                ServiceTiers = [.. price.ServiceTiers.UnionBy(old.ServiceTiers, tier => tier.Name, StringComparer.OrdinalIgnoreCase)],
            })),
        };
    }
}
