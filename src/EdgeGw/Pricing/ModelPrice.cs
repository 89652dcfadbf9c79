using EdgeGw.Metering;

namespace EdgeGw.Pricing;

/// <summary>What one model costs from some day on.</summary>
public sealed record ModelPrice
{
    /// <summary>A price of nothing: free providers.</summary>
    public static readonly ModelPrice Free = new() { Id = "free", Rates = new PriceRates { Input = UnitPrice.Zero, Output = UnitPrice.Zero } };

    /// <summary>The model's id in its price list, for records and messages.</summary>
    public required string Id { get; init; }

    public required PriceRates Rates { get; init; }

    /// <summary>Dearer rates for long inputs, by rising threshold. The last one passed holds for the whole request.</summary>
    public IReadOnlyList<LongContextTier> LongContext { get; init; } = [];

    /// <summary>Factors on all token rates by the tier that served; a tier that is not here costs the list price.</summary>
    public IReadOnlyList<ServiceTierPrice> ServiceTiers { get; init; } = [];

    /// <summary>Factors on all token rates by the place that an answer names; one that is not here costs the list price.</summary>
    public IReadOnlyList<PlaceFactor> Places { get; init; } = [];

    /// <summary>A factor on all token rates that holds for every answer: the endpoint's region, or the provider's <c>price_factor</c>.</summary>
    public Multiplier Factor { get; init; } = Multiplier.One;

    public UnitFees Fees { get; init; } = UnitFees.None;

    /// <summary>Most tokens of input and output together; null when not known.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>Most tokens of output; null when not known.</summary>
    public long? MaxOutput { get; init; }

    /// <summary>Most tokens that one image may cost; null when not known.</summary>
    public long? MaxImageTokens { get; init; }

    /// <summary>The first instant (UTC) of this price.</summary>
    public DateTimeOffset EffectiveFrom { get; init; } = DateTimeOffset.MinValue;

    /// <summary>Hours in which all token rates are dearer; null: none. The rates here are those of the other hours.</summary>
    public PeakHours? PeakHours { get; init; }

    /// <summary>The rates for a request with so much input: a tier starts strictly above its threshold.</summary>
    public PriceRates RatesFor(long inputTokens)
    {
        var rates = Rates;
        for (var i = 0; i < LongContext.Count && inputTokens > LongContext[i].Above; i++)
        {
            rates = LongContext[i].Rates;
        }
        return rates;
    }

    /// <summary>The factor for the terms on which an answer was made, all of them composed exactly; names that are not known change nothing.</summary>
    /// <param name="inputTokens">All of the answer's input: some tiers have no price of their own for long inputs.</param>
    public Multiplier MultiplierFor(in ServedTerms served, long inputTokens = 0) =>
        Factor * TierFactor(served.Tier, inputTokens) * PlaceFactorOf(served.Geography);

    private Multiplier TierFactor(string? tier, long inputTokens)
    {
        for (var i = 0; tier is not null && i < ServiceTiers.Count; i++)
        {
            if (tier.Equals(ServiceTiers[i].Name, StringComparison.OrdinalIgnoreCase))
            {
                var isLong = LongContext.Count > 0 && inputTokens > LongContext[0].Above;
                return isLong && ServiceTiers[i].ShortOnly ? Multiplier.One : ServiceTiers[i].Multiplier;
            }
        }
        return Multiplier.One;
    }

    private Multiplier PlaceFactorOf(string? place)
    {
        for (var i = 0; place is not null && i < Places.Count; i++)
        {
            if (place.Equals(Places[i].Name, StringComparison.OrdinalIgnoreCase))
            {
                return Places[i].Multiplier;
            }
        }
        return Multiplier.One;
    }
}

/// <summary>Rates that hold for the whole request once its input has more than <paramref name="Above"/> tokens, cached and written ones included.</summary>
public sealed record LongContextTier(long Above, PriceRates Rates);

/// <summary>A factor on token rates for one service tier: <c>flex</c>, <c>priority</c>, <c>batch</c>, <c>fast</c>.</summary>
public sealed record ServiceTierPrice(string Name, Multiplier Multiplier)
{
    /// <summary>The provider does not offer the tier for long inputs, which cost their list price whatever the answer calls it.</summary>
    public bool ShortOnly { get; init; }
}
