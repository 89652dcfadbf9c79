namespace EdgeGw.Pricing.Import;

/// <summary>Gathers models by provider kind and makes a price file of them in which each name stands once.</summary>
internal sealed class ImportedLists(ImportReport report)
{
    private readonly Dictionary<string, List<CatalogueDocument.ModelEntry>> _models = [];
    private readonly Dictionary<string, List<string>> _resells = [];

    public void Add(string kind, CatalogueDocument.ModelEntry? model)
    {
        if (model is null)
        {
            return;
        }
        if (!_models.TryGetValue(kind, out var models))
        {
            _models.Add(kind, models = []);
        }
        models.Add(model);
    }

    public void Resell(string kind, string resold)
    {
        if (!_resells.TryGetValue(kind, out var kinds))
        {
            _resells.Add(kind, kinds = []);
        }
        kinds.Add(resold);
    }

    public CatalogueDocument ToDocument() => new()
    {
        Providers =
        [
            .. _models.Keys.Order(StringComparer.Ordinal).Select(kind => new CatalogueDocument.ProviderEntry
            {
                Kinds = [kind],
                Resells = [.. _resells.GetValueOrDefault(kind, []).Where(resold => _models.ContainsKey(resold) || PriceCatalogue.BuiltIn.Knows(resold))],
                Models = Distinct(kind, _models[kind]),
            }),
        ],
    };

    private CatalogueDocument.ModelEntry[] Distinct(string kind, List<CatalogueDocument.ModelEntry> models)
    {
        // Ids first: no alias may take the name of another model.
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var kept = models.Where(model => IsNew(model.Id, taken, $"{kind}/{model.Id}")).ToArray();
        foreach (var model in kept)
        {
            model.Aliases = [.. model.Aliases.Distinct(StringComparer.OrdinalIgnoreCase)
                .Where(alias => !alias.Equals(model.Id, StringComparison.OrdinalIgnoreCase) && IsNew(alias, taken, $"{kind}/{model.Id}: {alias}"))];
            model.Patterns = [.. model.Patterns.Distinct(StringComparer.OrdinalIgnoreCase)];
        }
        return [.. kept.OrderBy(model => model.Id, StringComparer.Ordinal)];
    }

    private bool IsNew(string name, HashSet<string> taken, string subject)
    {
        var isNew = taken.Add(name);
        if (!isNew)
        {
            report.Add("a name that stands twice: the first counts", subject);
        }
        return isNew;
    }
}
