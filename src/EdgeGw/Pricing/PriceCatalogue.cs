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
        var lists = providers.ToDictionary(provider => provider.Kinds[0], provider => new PriceList(provider));
        var byKind = new Dictionary<string, (PriceList[], PlaceFactor[])>();
        foreach (var provider in providers)
        {
            PriceList[] chain = [lists[provider.Kinds[0]], .. provider.Resells.Select(kind => lists[kind])];
            foreach (var kind in provider.Kinds)
            {
                byKind.Add(kind, (chain, provider.Places));
            }
        }
        _byKind = byKind.ToFrozenDictionary();
    }

    /// <summary>The list prices that this build knows.</summary>
    public static PriceCatalogue BuiltIn => Embedded.Value;

    /// <summary>What the file says, for audits of it.</summary>
    internal IReadOnlyList<CatalogueProvider> Providers { get; }

    /// <summary>Reads a catalogue of the built-in one's shape (UTF-8 JSON).</summary>
    /// <exception cref="InvalidDataException">Not that shape, a name twice, or a price that cannot be.</exception>
    public static PriceCatalogue Parse(ReadOnlySpan<byte> json) => new(CatalogueReader.Read(json));

    /// <summary>The list price in force now of a model of this provider kind; null when there is none.</summary>
    public ModelPrice? Find(string providerKind, ReadOnlySpan<char> model, TimeProvider time) => FindHistory(providerKind, model)?.At(time);

    /// <summary>The models listed for a provider kind, by their main names.</summary>
    public IEnumerable<string> ModelsOf(string providerKind) =>
        Providers.Where(provider => provider.Kinds.Contains(providerKind)).SelectMany(provider => provider.Models).Select(model => model.Id);

    internal PriceHistory? FindHistory(string providerKind, ReadOnlySpan<char> model)
    {
        if (!model.IsEmpty && _byKind.TryGetValue(providerKind, out var kind))
        {
            foreach (var list in kind.Lists)
            {
                if (list.Find(model) is { } found)
                {
                    return AtPlace(found, kind.Places, model);
                }
            }
        }
        return null;
    }

    private static PriceHistory AtPlace(PriceHistory history, PlaceFactor[] places, ReadOnlySpan<char> model)
    {
        foreach (var place in places)
        {
            if (place.Concerns(model))
            {
                return history.Times(place.Multiplier);
            }
        }
        return history;
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
