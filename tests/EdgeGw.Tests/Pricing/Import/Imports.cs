using System.Text;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Pricing.Import;

namespace EdgeGw.Tests.Pricing.Import;

/// <summary>Imports text and looks prices up in the price file that comes of it.</summary>
internal sealed class Imports
{
    private Imports(PriceCatalogue catalogue, string text, ImportReport report)
    {
        Catalogue = catalogue;
        Text = text;
        Report = report;
    }

    public PriceCatalogue Catalogue { get; }
    public string Text { get; }
    public ImportReport Report { get; }

    public string[] Losses => [.. Report.ByReason.SelectMany(reason => reason.Value.Select(subject => $"{reason.Key}: {subject}"))];

    /// <summary>Over an empty catalogue, by way of the written file, so that a price that is found is the import's own.</summary>
    public static Imports Of(PriceFormat format, string json, params string[] providers)
    {
        var report = new ImportReport();
        var text = CatalogueWriter.Write(PriceImport.Read(format, Encoding.UTF8.GetBytes(json), new ProviderFilter(providers), report));
        var empty = PriceCatalogue.Parse("""{"providers":[]}"""u8);
        var file = PriceFile.Parse(Encoding.UTF8.GetBytes(text), "prices.json", PriceCatalogue.BuiltIn);
        Assert.Empty(file.Faults);
        return new Imports(empty.With(file.Providers.Select(list => list with { Resells = [] }), "prices.json"), text, report);
    }

    public ModelPrice? Price(string kind, string model, TimeProvider? time = null) => Catalogue.Find(kind, model, time ?? PricingSamples.Saturday);

    public ModelPrice Known(string kind, string model) => Price(kind, model) ?? throw new InvalidOperationException($"{kind}/{model} has no price.");

    public static NanoUsd Cost(Usage usage, ModelPrice price) => EdgeGw.Pricing.Cost.CostOf(usage, new PricedModel(price, CostSource.Catalogue), null);
}
