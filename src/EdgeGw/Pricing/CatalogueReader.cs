using System.Text.Json;

namespace EdgeGw.Pricing;

/// <summary>Turns the catalogue's file into prices.</summary>
internal static class CatalogueReader
{
    /// <exception cref="InvalidDataException">Not the catalogue's shape, or a price that cannot be.</exception>
    public static List<CatalogueProvider> Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return Convert(JsonSerializer.Deserialize(json, CatalogueJson.Default.CatalogueDocument)
                ?? throw new InvalidDataException("The price catalogue is empty."));
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"The price catalogue cannot be read: {broken.Message}", broken);
        }
    }

    /// <exception cref="InvalidDataException">A price that cannot be.</exception>
    public static List<CatalogueProvider> Convert(CatalogueDocument document)
    {
        try
        {
            return document.Providers.Select(ToProvider).ToList();
        }
        catch (ArgumentException broken)
        {
            throw new InvalidDataException($"The price catalogue cannot be read: {broken.Message}", broken);
        }
    }

    private static CatalogueProvider ToProvider(CatalogueDocument.ProviderEntry entry) => new(
        entry.Kinds, entry.Resells, entry.Prefixes, [.. entry.Models.Select(model => ToModel(entry, model))]);

    private static CatalogueModel ToModel(CatalogueDocument.ProviderEntry provider, CatalogueDocument.ModelEntry model)
    {
        var tiers = ToTiers(provider.Tiers, model.Tiers);
        var fees = ToFees(model.Fees ?? provider.Fees);
        var history = new PriceHistory(model.Prices.Select(period => new ModelPrice
        {
            Id = model.Id,
            Rates = ToRates(period),
            PeakHours = ToPeakHours(period.Peak),
            LongContext = [.. period.Long.OrderBy(tier => tier.Above).Select(tier => new LongContextTier(tier.Above, ToRates(tier)))],
            ServiceTiers = tiers,
            Fees = fees,
            ContextWindow = model.Context,
            MaxOutput = model.MaxOutput,
            MaxImageTokens = model.MaxImageTokens,
            EffectiveFrom = period.From ?? DateTimeOffset.MinValue,
        }));
        return new CatalogueModel(model.Id, model.Aliases, model.Patterns, history);
    }

    private static PeakHours? ToPeakHours(CatalogueDocument.Peak? peak) => peak is null ? null : new PeakHours(
        peak.Factor, PeakHours.ParseHours(peak.HoursUtc), peak.WeekdaysOnly);

    private static ServiceTierPrice[] ToTiers(Dictionary<string, string> shared, Dictionary<string, string> own) =>
    [
        .. own.Concat(shared.Where(tier => !own.ContainsKey(tier.Key))).Select(tier => new ServiceTierPrice(
            tier.Key, Multiplier.TryParse(tier.Value, out var factor) ? factor : throw new InvalidDataException($"No factor: {tier.Key} = {tier.Value}"))),
    ];

    private static PriceRates ToRates(CatalogueDocument.Rates rates)
    {
        var input = UnitPrice.FromDollarsPerMillion(rates.Input);
        var output = UnitPrice.FromDollarsPerMillion(rates.Output);
        var write = Or(rates.CacheWrite, input);
        return new PriceRates
        {
            Input = input,
            Output = output,
            CachedInput = Or(rates.CachedInput, input),
            CacheWrite = write,
            CacheWrite1h = Or(rates.CacheWrite1h, write),
            AudioInput = Or(rates.AudioInput, input),
            ImageInput = Or(rates.ImageInput, input),
            Reasoning = Or(rates.Reasoning, output),
            AudioOutput = Or(rates.AudioOutput, output),
            ImageOutput = Or(rates.ImageOutput, output),
        };
    }

    private static UnitPrice Or(decimal? own, UnitPrice otherwise) => own is { } price ? UnitPrice.FromDollarsPerMillion(price) : otherwise;

    private static UnitFees ToFees(CatalogueDocument.Fees fees)
    {
        var made = new UnitFees
        {
            Request = UnitPrice.FromDollarsPerUnit(fees.Request),
            WebSearch = UnitPrice.FromDollarsPerUnit(fees.WebSearch),
            GroundedRequest = UnitPrice.FromDollarsPerUnit(fees.GroundedRequest),
            SearchUnit = UnitPrice.FromDollarsPerUnit(fees.SearchUnit),
            Image = UnitPrice.FromDollarsPerUnit(fees.Image),
            Second = UnitPrice.FromDollarsPerUnit(fees.Second),
            Character = UnitPrice.FromDollarsPerUnit(fees.Character),
        };
        return made == UnitFees.None ? UnitFees.None : made;
    }
}

/// <summary>One price list of the catalogue's file.</summary>
internal sealed record CatalogueProvider(string[] Kinds, string[] Resells, string[] Prefixes, CatalogueModel[] Models);

/// <summary>One model of a price list.</summary>
internal sealed record CatalogueModel(string Id, string[] Aliases, string[] Patterns, PriceHistory History)
{
    public const string BuiltIn = "built-in";

    /// <summary><see cref="BuiltIn"/>, or the price file that it stands in.</summary>
    public string Source { get; init; } = BuiltIn;

    public IEnumerable<string> Names => Aliases.Prepend(Id);
}
