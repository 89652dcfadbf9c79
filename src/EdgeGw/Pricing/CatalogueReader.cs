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
        entry.Kinds, entry.Resells, entry.Prefixes, [.. entry.Models.Select(model => ToModel(entry, model))])
    {
        Places = [.. entry.Places.Where(place => place.Name is null).Select(ToPlace)],
    };

    private static CatalogueModel ToModel(CatalogueDocument.ProviderEntry provider, CatalogueDocument.ModelEntry model)
    {
        var tiers = ToTiers(provider, model.Tiers);
        PlaceFactor[] places = [.. provider.Places.Where(place => place.Name is not null).Select(ToPlace).Where(place => place.Concerns(model.Id))];
        var fees = ToFees(model.Fees ?? provider.Fees);
        var history = new PriceHistory(model.Prices.Select(period => new ModelPrice
        {
            Id = model.Id,
            Rates = ToRates(period),
            PeakHours = ToPeakHours(period.Peak),
            LongContext = [.. period.Long.OrderBy(tier => tier.Above).Select(tier => new LongContextTier(tier.Above, ToRates(tier)))],
            ServiceTiers = tiers,
            Places = places,
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

    private static ServiceTierPrice[] ToTiers(CatalogueDocument.ProviderEntry provider, Dictionary<string, string> own) =>
    [
        .. own.Concat(provider.Tiers.Where(tier => !own.ContainsKey(tier.Key))).Select(tier => new ServiceTierPrice(tier.Key, ToFactor(tier.Key, tier.Value))
        {
            ShortOnly = provider.ShortOnly.Contains(tier.Key),
        }),
    ];

    private static PlaceFactor ToPlace(CatalogueDocument.Place place) =>
        new(place.Name, ToFactor(place.Name ?? "place", place.Factor), place.Models, place.Except);

    private static Multiplier ToFactor(string name, string text) =>
        Multiplier.TryParse(text, out var factor) ? factor : throw new InvalidDataException($"No factor: {name} = {text}");

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
            Request = UnitPrice.FromDollarsPerUnit(fees.RequestByContext?.Max() ?? fees.Request),
            Search = ToSearch(fees.RequestByContext),
            WebSearch = UnitPrice.FromDollarsPerUnit(fees.WebSearch),
            GroundedRequest = UnitPrice.FromDollarsPerUnit(fees.GroundedRequest),
            SearchUnit = UnitPrice.FromDollarsPerUnit(fees.SearchUnit),
            FileSearch = UnitPrice.FromDollarsPerUnit(fees.FileSearch),
            Container = UnitPrice.FromDollarsPerUnit(fees.Container),
            Image = UnitPrice.FromDollarsPerUnit(fees.Images.Length > 0 ? fees.Images.Max(image => image.Price) : fees.Image),
            Images = fees.Images.Length == 0 ? [] : [.. fees.Images.Select(image => new ImageFee(image.Size, image.Quality, UnitPrice.FromDollarsPerUnit(image.Price)))],
            Second = UnitPrice.FromDollarsPerUnit(fees.Second),
            MinSeconds = fees.MinSeconds,
            Character = UnitPrice.FromDollarsPerUnit(fees.Character),
            Page = UnitPrice.FromDollarsPerUnit(fees.Page),
        };
        return made == UnitFees.None ? UnitFees.None : made;
    }

    private static SearchContextFees? ToSearch(decimal[]? fees) => fees switch
    {
        null => null,
        [var low, var medium, var high] => new SearchContextFees(
            UnitPrice.FromDollarsPerUnit(low), UnitPrice.FromDollarsPerUnit(medium), UnitPrice.FromDollarsPerUnit(high)),
        _ => throw new InvalidDataException("Fees by search context are three: low, medium, high."),
    };
}

/// <summary>One price list of the catalogue's file.</summary>
internal sealed record CatalogueProvider(string[] Kinds, string[] Resells, string[] Prefixes, CatalogueModel[] Models)
{
    /// <summary>Factors that the models' names tell, as callers write them.</summary>
    public PlaceFactor[] Places { get; init; } = [];
}

/// <summary>One model of a price list.</summary>
internal sealed record CatalogueModel(string Id, string[] Aliases, string[] Patterns, PriceHistory History)
{
    public const string BuiltIn = "built-in";

    /// <summary><see cref="BuiltIn"/>, or the price file that it stands in.</summary>
    public string Source { get; init; } = BuiltIn;

    public IEnumerable<string> Names => Aliases.Prepend(Id);
}
