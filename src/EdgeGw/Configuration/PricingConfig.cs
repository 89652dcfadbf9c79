namespace EdgeGw.Configuration;

/// <summary>What models cost beyond the built-in catalogue.</summary>
public sealed record PricingConfig
{
    public UnpricedPolicy Unpriced { get; init; } = UnpricedPolicy.Block;

    /// <summary>Dollars per million tokens, input and output alike, for models without a price under <see cref="UnpricedPolicy.Ceiling"/>.</summary>
    public decimal CeilingPerMillion { get; init; } = 100m;

    /// <summary>Full paths of price files over the built-in catalogue; a later one wins.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>First match wins, before the catalogue and the price files.</summary>
    public IReadOnlyList<PriceOverride> Overrides { get; init; } = [];
}

/// <summary>What happens to a model without a price.</summary>
public enum UnpricedPolicy : byte
{
    /// <summary>Refused where a budget applies; otherwise let through, counted and recorded as unpriced.</summary>
    Block,
    /// <summary>Charged at the ceiling.</summary>
    Ceiling,
}

/// <summary>A contract price. Dollars per million tokens; a missing class costs what the input (or output) costs.</summary>
/// <param name="Model"><c>provider/model</c>, with <c>*</c> standing for any run of characters.</param>
public sealed record PriceOverride(string Model, decimal Input, decimal Output)
{
    public decimal? CachedInput { get; init; }
    public decimal? CacheWrite { get; init; }
}
