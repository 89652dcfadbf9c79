namespace EdgeGw.Pricing;

/// <summary>What is charged beside tokens. No service tier and no context length changes a fee.</summary>
public sealed record UnitFees
{
    public static readonly UnitFees None = new();

    /// <summary>Per answer.</summary>
    public UnitPrice Request { get; init; }
    /// <summary>Per search.</summary>
    public UnitPrice WebSearch { get; init; }
    /// <summary>Once per answer that searched at all, however often.</summary>
    public UnitPrice GroundedRequest { get; init; }
    /// <summary>Rerank: one query with up to a provider-defined number of documents.</summary>
    public UnitPrice SearchUnit { get; init; }
    public UnitPrice Image { get; init; }
    /// <summary>Per second of audio.</summary>
    public UnitPrice Second { get; init; }
    public UnitPrice Character { get; init; }
}
