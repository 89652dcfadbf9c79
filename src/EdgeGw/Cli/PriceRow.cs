using EdgeGw.Pricing;

namespace EdgeGw.Cli;

/// <summary>One model of <c>edgegw prices list</c>.</summary>
/// <param name="Source">The built-in catalogue, a price file's path, or <see cref="Override"/>.</param>
/// <param name="Price">Outside of peak hours.</param>
internal sealed record PriceRow(string Provider, string Model, string Source, ModelPrice Price)
{
    public const string Override = "override";

    /// <summary>All rows, or those of one provider with what it resells.</summary>
    public static IEnumerable<PriceRow> Of(PricesConfig prices, string? provider, DateTimeOffset now) =>
        Contracts(prices, provider).Concat(provider is null
            ? prices.Catalogue.Providers.SelectMany(list => Models(list, list.Kinds[0], now))
            : OfKind(prices.Catalogue, prices.KindOf(provider), provider, now));

    private static IEnumerable<PriceRow> OfKind(PriceCatalogue catalogue, string kind, string provider, DateTimeOffset now)
    {
        var own = catalogue.Providers.Where(list => list.Kinds.Contains(kind)).ToArray();
        var resold = own.SelectMany(list => list.Resells).SelectMany(other => catalogue.Providers.Where(list => list.Kinds.Contains(other)));
        return own.Concat(resold).SelectMany(list => Models(list, provider, now)).DistinctBy(row => row.Model, StringComparer.OrdinalIgnoreCase);
    }

    private static IEnumerable<PriceRow> Models(CatalogueProvider list, string provider, DateTimeOffset now) =>
        list.Models.Select(model => new PriceRow(provider, model.Id, model.Source, model.History.OffPeakAt(now)));

    private static IEnumerable<PriceRow> Contracts(PricesConfig prices, string? provider) =>
        from entry in prices.Pricing.Overrides
        let slash = entry.Model.IndexOf('/')
        let name = slash < 0 ? "*" : entry.Model[..slash]
        where provider is null || Wildcard.IsMatch(name, provider)
        select new PriceRow(name, entry.Model[(slash + 1)..], Override, new ContractPrice(entry).ToPrice(null));
}
