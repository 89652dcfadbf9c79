using EdgeGw.Identity;

namespace EdgeGw.Pricing;

/// <summary>Whose call to which model is to be priced.</summary>
/// <param name="Provider">As configured: what contract prices name.</param>
/// <param name="Kind">The row of the provider table: what the catalogue names.</param>
/// <param name="Model">The model asked for; null or empty where the request names none.</param>
/// <param name="Principal">Null: none of the contracts for some callers only.</param>
public readonly record struct PriceQuestion(string Provider, string Kind, string? Model, Principal? Principal = null);
