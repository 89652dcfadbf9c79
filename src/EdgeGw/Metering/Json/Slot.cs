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
    /// <summary>A second place for <see cref="CacheWrite"/>; looked at only where that is absent.</summary>
    CacheWriteAlias,
    /// <summary>Input of a model family that counts its cache inside, in a dialect whose others do not.</summary>
    InputWithCache,
    /// <summary>The host's own count beside the model's; looked at only where the model has none.</summary>
    HostInput,
    HostOutput,
    HostCacheRead,
    HostCacheWrite,
    /// <summary>Image tokens counted beside the input's.</summary>
    ImageInputBeside,
    SearchUnits,
    Images,
    Pages,

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
    Geography,
    Text,
    ReasoningText,
    /// <summary>A second place for the same text; counted only in answers that have none in the first.</summary>
    TextCopy,
    ReasoningCopy,
    /// <summary>A flag that says that the document's text is thinking.</summary>
    Thought,
    Finish,
    Status,
    Type,
    Error,
    /// <summary>A member that is a string in errors and an object, or absent, in answers.</summary>
    ErrorMessage,
    ErrorType,
    ErrorCode,
    ItemType,
    /// <summary>The model of which an element tells.</summary>
    ItemModel,
    /// <summary>The sandbox in which a tool ran.</summary>
    Container,
    Item,
    InputModality,
    OutputModality,
    SearchQuery,
    /// <summary>A generated image, in base64 or by its address.</summary>
    Image,
    /// <summary>A flag that says whether this document is the last one.</summary>
    Done,
}
