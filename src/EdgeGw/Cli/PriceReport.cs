using System.Globalization;
using EdgeGw.Pricing;

namespace EdgeGw.Cli;

/// <summary>Writes what is known of one model's price, for people.</summary>
internal static class PriceReport
{
    public static void Write(string name, string kind, PriceMatch? match, PricedModel price, DateTimeOffset at, TextWriter output)
    {
        output.WriteLine(PlainText.ForTerminal(name));
        if (price.Source == CostSource.Override && price.Price is { } contract)
        {
            Field(output, "contract", contract == ModelPrice.Free ? "the provider is configured as free" : $"pricing.overrides: {contract.Id}");
            Rates(output, "price", contract.Rates);
        }
        if (match is not { } found)
        {
            return;
        }
        Field(output, "entry", Describe(found));
        Field(output, "list", found.List == kind ? kind : $"{found.List}, resold by {kind}");
        Field(output, "source", found.Model.Source);
        Names(output, "aliases", found.Model.Aliases);
        Names(output, "patterns", found.Model.Patterns);
        var history = found.Model.History;
        var listed = history.At(at);
        Field(output, "context", listed.ContextWindow is { } window ? Tokens(window) : "not known");
        Field(output, "max output", listed.MaxOutput is { } most ? Tokens(most) : "not known");
        Rates(output, price.Source == CostSource.Override ? "list price" : "price", listed.Rates);
        foreach (var step in listed.LongContext)
        {
            Rates(output, string.Create(CultureInfo.InvariantCulture, $"above {step.Above} tokens of input, for the whole request"), step.Rates);
        }
        if (listed.Factor != Multiplier.One)
        {
            Field(output, "factor", $"x{listed.Factor} on all token rates, for the place that the model's name tells");
        }
        Names(output, "places", [.. listed.Places.Select(place => $"{place.Name} x{place.Multiplier}")]);
        Names(output, "tiers", [.. listed.ServiceTiers.Select(tier => $"{tier.Name} x{tier.Multiplier}")]);
        Names(output, "images", [.. listed.Fees.Images.Select(image => $"{image.Size} {image.Quality} {FeeClass.Dollars(image.Price)}")]);
        Names(output, "fees", [.. FeeClass.All.Where(fee => fee.Of(listed.Fees) != UnitPrice.Zero).Select(fee => $"{fee.Name} {FeeClass.Dollars(fee.Of(listed.Fees))} each")]);
        if (listed.PeakHours is { } peak)
        {
            Field(output, "peak hours", peak + (peak.Contains(at) ? ", as now" : ", not now"));
        }
        History(output, history, at);
    }

    private static string Describe(PriceMatch match) => match.How switch
    {
        MatchKind.Id => match.Model.Id,
        MatchKind.Alias => $"{match.Model.Id}, by an alias",
        MatchKind.Family => $"{match.Model.Id}, of which this is a snapshot",
        _ => $"{match.Model.Id}, by the pattern {match.Pattern}",
    };

    private static void Rates(TextWriter output, string title, PriceRates rates)
    {
        Field(output, title, "USD per million tokens");
        foreach (var of in RateClass.All)
        {
            output.WriteLine($"    {of.Name,-14}  {of.Of(rates)}");
        }
    }

    private static void History(TextWriter output, PriceHistory history, DateTimeOffset at)
    {
        Field(output, "history", "of input and output, the latest first");
        var inForce = history.OffPeakAt(at);
        foreach (var price in history.LatestFirst)
        {
            var from = price.EffectiveFrom == DateTimeOffset.MinValue
                ? "since ever" : "from " + price.EffectiveFrom.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);
            output.WriteLine($"    {from,-22}  {price.Rates.Input} / {price.Rates.Output}{(price == inForce ? "  in force" : "")}");
        }
    }

    private static void Names(TextWriter output, string name, IReadOnlyCollection<string> values)
    {
        if (values.Count > 0)
        {
            Field(output, name, string.Join(", ", values));
        }
    }

    private static void Field(TextWriter output, string name, string value) => output.WriteLine($"  {name,-12}  {PlainText.ForTerminal(value)}");

    private static string Tokens(long count) => string.Create(CultureInfo.InvariantCulture, $"{count} tokens");
}
