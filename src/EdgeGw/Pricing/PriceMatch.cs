namespace EdgeGw.Pricing;

/// <summary>How a model's name led to an entry of a price list, the surest first.</summary>
internal enum MatchKind : byte
{
    Id,
    Alias,
    /// <summary>The name is a dated snapshot of one that is listed.</summary>
    Family,
    Pattern,
}

/// <summary>An entry of a price list and how it was found.</summary>
/// <param name="List">The first kind of the list; not the kind that was asked for where that one resells.</param>
/// <param name="Pattern">The one that matched, for <see cref="MatchKind.Pattern"/>.</param>
internal readonly record struct PriceMatch(CatalogueModel Model, string List, MatchKind How, string? Pattern);
