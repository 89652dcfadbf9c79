namespace EdgeGw.Pricing.Import;

/// <summary>The shape of a file with prices.</summary>
internal enum PriceFormat : byte
{
    /// <summary>Our own: <see cref="CatalogueDocument"/>.</summary>
    EdgeGw,
    /// <summary>The version-2 data file of genai-prices: dollars per million tokens, match rules, dated and tiered prices.</summary>
    GenaiPrices,
    /// <summary>LiteLLM's <c>model_prices_and_context_window.json</c>: dollars per token in a flat map.</summary>
    LiteLlm,
    /// <summary>The <c>api.json</c> of models.dev: dollars per million tokens by provider and model.</summary>
    ModelsDev,
}
