namespace EdgeGw.Pricing;

/// <summary>Whose price a cost was computed with.</summary>
public enum CostSource : byte
{
    /// <summary>No price is known: the cost is not a fact, and the unpriced policy decided what was charged.</summary>
    None,
    /// <summary>The built-in catalogue of list prices.</summary>
    Catalogue,
    /// <summary><c>pricing.overrides</c>, or <c>pricing: free</c> on a provider.</summary>
    Override,
    /// <summary>The provider's own figure in the answer.</summary>
    Provider,
    /// <summary>The ceiling configured for models without a price.</summary>
    Ceiling,
    /// <summary>The caller's own price, in a header that <c>pricing.custom_cost</c> allows.</summary>
    Caller,
}
