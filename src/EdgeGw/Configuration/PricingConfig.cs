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

    /// <summary>Who may state a price of their own in a header; null: nobody.</summary>
    public PrincipalMatch? CustomCost { get; init; }

    /// <summary>Who sees prices in <c>GET /v1/models</c>; null: nobody.</summary>
    public PrincipalMatch? ShowPrices { get; init; } = new();
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
    public decimal? CacheWrite1h { get; init; }
    public decimal? AudioInput { get; init; }
    public decimal? ImageInput { get; init; }
    public decimal? Reasoning { get; init; }
    public decimal? AudioOutput { get; init; }
    public decimal? ImageOutput { get; init; }

    /// <summary>Instead of the listed fees of the same names; the others stay as listed.</summary>
    public FeeOverride? Fees { get; init; }

    /// <summary>Whose calls it holds for; null: everybody's.</summary>
    public PrincipalMatch? Match { get; init; }
}

/// <summary>Contract fees, in dollars each; null: as listed.</summary>
public sealed record FeeOverride
{
    public decimal? Request { get; init; }
    public decimal? WebSearch { get; init; }
    public decimal? GroundedRequest { get; init; }
    public decimal? FileSearch { get; init; }
    public decimal? Container { get; init; }
    public decimal? SearchUnit { get; init; }
    public decimal? Image { get; init; }
    public decimal? Second { get; init; }
    public decimal? Character { get; init; }
    public decimal? Page { get; init; }
}
