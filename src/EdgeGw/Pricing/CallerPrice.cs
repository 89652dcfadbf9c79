namespace EdgeGw.Pricing;

/// <summary>A price that a caller states for one call. It is the whole price: no fee, tier or place comes on top.</summary>
/// <param name="Rates">What tokens cost; of no matter beside a total.</param>
/// <param name="Total">What the call costs, whatever it uses; null: by its tokens.</param>
public sealed record CallerPrice(PriceRates Rates, NanoUsd? Total = null)
{
    private static readonly PriceRates Nothing = new() { Input = UnitPrice.Zero, Output = UnitPrice.Zero };

    /// <summary>A price for the whole call.</summary>
    public static CallerPrice OfTotal(NanoUsd total) => new(Nothing, total);

    /// <summary>The price for a model, of which only the limits are still the list's.</summary>
    public PricedModel For(PricedModel listed) => new(
        new ModelPrice
        {
            Id = "caller",
            Rates = Rates,
            ContextWindow = listed.Price?.ContextWindow,
            MaxOutput = listed.Price?.MaxOutput,
            MaxImageTokens = listed.Price?.MaxImageTokens,
        },
        CostSource.Caller);
}
