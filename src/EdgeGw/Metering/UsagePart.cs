namespace EdgeGw.Metering;

/// <summary>What one of several models behind an answer used. The parts of an answer add up to its tokens.</summary>
/// <param name="Model">By the provider's word; null: the answer's own model.</param>
/// <param name="Usage">Tokens only.</param>
public readonly record struct UsagePart(string? Model, Usage Usage);
