namespace EdgeGw.Pricing.Import;

/// <summary>One model on its way into a price file: reads numbers, and reports what it cannot hold under the model's name.</summary>
internal sealed class ImportedModel(string provider, string id, ImportReport report)
{
    public string Id { get; } = id;
    public List<string> Aliases { get; } = [];
    public List<string> Patterns { get; } = [];
    public Dictionary<string, string> Tiers { get; } = [];
    public long? Context { get; set; }
    public long? MaxOutput { get; set; }

    /// <summary>Null where the source says nothing of fees.</summary>
    public CatalogueDocument.Fees? Fees { get; private set; }

    public void Lose(string reason, string? what = null) => report.Add(reason, what is null ? $"{provider}/{Id}" : $"{provider}/{Id}: {what}");

    public void SetFee(FeeClass of, decimal dollars)
    {
        if (dollars == 0)
        {
            return;
        }
        Fees ??= new CatalogueDocument.Fees();
        var known = of.Get(Fees);
        if (known != 0 && known != dollars)
        {
            Lose("two prices of the same thing: the dearer one is used", of.Name);
        }
        of.Set(Fees, Math.Max(known, dollars));
    }

    /// <summary>A number of the source, scaled; null, with the loss reported, where it is no price.</summary>
    public decimal? Price(System.Text.Json.JsonElement value, string field, int power, int decimals = PriceNumber.TokenDecimals)
    {
        if (!PriceNumber.TryRead(value, power, decimals, out var price, out var isRounded))
        {
            Lose("no price, but something else", field);
            return null;
        }
        if (isRounded)
        {
            Lose("finer than a price can be, rounded up", $"{field} {value.GetRawText()}");
        }
        return price;
    }

    /// <summary>The entry, or null, with the loss reported, where it would make the model free by mistake.</summary>
    public CatalogueDocument.ModelEntry? ToEntry(CatalogueDocument.Period[] periods)
    {
        if (Fees is null && periods.All(period => period.Long.Prepend<CatalogueDocument.Rates>(period)
            .All(rates => RateClass.All.All(of => of.Get(rates) is null or 0))))
        {
            Lose("everything costs nothing: unknown more often than free, so left out");
            return null;
        }
        if (periods.SelectMany(period => period.Long.Prepend<CatalogueDocument.Rates>(period)).Any(rates => rates.CachedInput > rates.Input))
        {
            Lose("cached input dearer than input: will cost what input costs");
        }
        return new CatalogueDocument.ModelEntry
        {
            Id = Id,
            Aliases = [.. Aliases],
            Patterns = [.. Patterns],
            Context = Context,
            MaxOutput = MaxOutput,
            Tiers = Tiers,
            Fees = Fees,
            Prices = periods,
        };
    }
}
