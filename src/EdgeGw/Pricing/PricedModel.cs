using EdgeGw.Requests.Inspection;

namespace EdgeGw.Pricing;

/// <summary>A price and whose it is. Without one, <see cref="Price"/> is null and <see cref="Source"/> is <see cref="CostSource.None"/>.</summary>
public readonly record struct PricedModel(ModelPrice? Price, CostSource Source)
{
    public static readonly PricedModel Unpriced;

    public bool IsPriced => Price is not null;

    /// <summary>Nobody else's figure counts: what was agreed on is what is owed.</summary>
    public bool IsAgreed => Source is CostSource.Override or CostSource.Caller;

    /// <summary>With the fees for what this request asks for.</summary>
    public PricedModel For(in RequestFacts facts) =>
        Price is { } price && price.Fees.For(facts) is var fees && !ReferenceEquals(fees, price.Fees) ? this with { Price = price with { Fees = fees } } : this;
}
