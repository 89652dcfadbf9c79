namespace EdgeGw.Metering.Json;

/// <summary>What a value at a known JSON path means to a meter: one vocabulary for all dialects.</summary>
internal enum Slot : byte
{
    /// <summary>The path is only a way to deeper ones.</summary>
    None,

    // Whole numbers: kept as counts, the last one of a document wins.
    Input,
    Output,
    Total,
    CachedInput,
    /// <summary>A second place for the same number; looked at only where <see cref="CachedInput"/> is absent.</summary>
    CachedInputAlias,
    CacheWrite,
    /// <summary>Cache writes that the provider counts beside its input.</summary>
    CacheWriteBeside,
    CacheWrite5m,
    CacheWrite1h,
    AudioInput,
    ImageInput,
    ToolInput,
    Reasoning,
    AudioOutput,
    ImageOutput,
    WebSearches,
    Seconds,
    /// <summary>One of several numbers to be added up, or an element's own.</summary>
    ItemCount,
    ItemInput,
    ItemOutput,
    ItemCacheRead,
    ItemCacheWrite,
    ItemCacheWrite5m,
    ItemCacheWrite1h,

    // Money, kept as nano-dollars.
    Cost,
    UpstreamCost,
    CostTicks,

    /// <summary>First slot that is not a count.</summary>
    Counts,

    Usage,
    StartUsage,
    Byok,
    Model,
    Id,
    ServiceTier,
    TrafficType,
    Speed,
    Text,
    ReasoningText,
    Finish,
    Status,
    Type,
    Error,
    ErrorType,
    ErrorCode,
    ItemType,
    Item,
    InputModality,
    OutputModality,
    SearchQuery,
}
