using System.Collections.Frozen;

namespace EdgeGw.Pricing;

/// <summary>List prices by provider kind and model. Immutable.</summary>
public sealed class PriceCatalogue
{
    private const string Resource = "EdgeGw.Pricing.catalogue.json";

    private static readonly Lazy<PriceCatalogue> Embedded = new(ReadEmbedded);

    /// <summary>A kind's own list first, then the lists it resells from.</summary>
    private readonly FrozenDictionary<string, (PriceList[] Lists, PlaceFactor[] Places)> _byKind;

    private PriceCatalogue(List<CatalogueProvider> providers)
    {
        Providers = providers;
        var lists = new Dictionary<string, PriceList>();
        foreach (var provider in providers)
        {
            var list = new PriceList(provider);
            foreach (var kind in provider.Kinds)
            {
                lists.Add(kind, list);
            }
        }
        _byKind = providers
            .SelectMany(provider => provider.Kinds.Select(kind => (kind, provider, Lists: provider.Resells.Select(resold => lists[resold]).Prepend(lists[kind]))))
            .ToFrozenDictionary(each => each.kind, each => (each.Lists.ToArray(), each.provider.Places));
    }

    /// <summary>The list prices that this build knows.</summary>
    public static PriceCatalogue BuiltIn => Embedded.Value;

    /// <summary>What the file says, for audits of it.</summary>
    internal IReadOnlyList<CatalogueProvider> Providers { get; }

    /// <summary>Reads a catalogue of the built-in one's shape (UTF-8 JSON).</summary>
    /// <exception cref="InvalidDataException">Not that shape, a name twice, or a price that cannot be.</exception>
    public static PriceCatalogue Parse(ReadOnlySpan<byte> json) => new(CatalogueReader.Read(json));

    /// <summary>This catalogue with a price file over it: see <see cref="CatalogueLayers"/>.</summary>
    internal PriceCatalogue With(IEnumerable<CatalogueProvider> file, string source) => new(CatalogueLayers.Merge(this, file, source));

    /// <summary>The list price in force now of a model of this provider kind; null when there is none.</summary>
    public ModelPrice? Find(string providerKind, ReadOnlySpan<char> model, TimeProvider time) => FindHistory(providerKind, model)?.At(time);

    /// <summary>The models listed for a provider kind, by their main names.</summary>
    public IEnumerable<string> ModelsOf(string providerKind) =>
        Providers.Where(provider => provider.Kinds.Contains(providerKind)).SelectMany(provider => provider.Models).Select(model => model.Id);

    internal bool Knows(string providerKind) => _byKind.ContainsKey(providerKind);

    internal PriceHistory? FindHistory(string providerKind, ReadOnlySpan<char> model) => FindMatch(providerKind, model)?.Model.History;

    /// <summary>The entry that tells a model's price, and how it was found.</summary>
    internal PriceMatch? FindMatch(string providerKind, ReadOnlySpan<char> model)
    {
        if (!model.IsEmpty && _byKind.TryGetValue(providerKind, out var kind))
        {
            foreach (var list in kind.Lists)
            {
                if (list.Find(model) is { } found)
                {
                    // A list of the kind's own has its own prices of every place.
                    return list == kind.Lists[0] ? found : AtPlace(found, kind.Places, model);
                }
            }
        }
        return null;
    }

    private static PriceMatch AtPlace(PriceMatch found, PlaceFactor[] places, ReadOnlySpan<char> model)
    {
        foreach (var place in places)
        {
            if (place.Concerns(model))
            {
                return found with { Model = found.Model with { History = found.Model.History.Times(place.Multiplier) } };
            }
        }
        return found;
    }

    private static PriceCatalogue ReadEmbedded()
    {
        using var stream = typeof(PriceCatalogue).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException("This build lacks its price catalogue.");
        var json = new byte[stream.Length];
        stream.ReadExactly(json);
        return Parse(json);
    }
}
