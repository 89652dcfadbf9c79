using EdgeGw.Metering;

namespace EdgeGw.Requests.Inspection;

/// <summary>What the gateway needs to know of a request's body to route it, to bound its cost and to edit it in place.</summary>
public readonly record struct RequestFacts
{
    public Dialect Dialect { get; init; }

    /// <summary>The model as the caller wrote it; null where the dialect names it in the path.</summary>
    public string? Model { get; init; }

    /// <summary>The model's JSON string in the body, quotes included.</summary>
    public JsonRange ModelRange { get; init; }

    /// <summary>The value of <c>models</c>, from which <see cref="FallbackModels"/> reads what some providers fall back to.</summary>
    public JsonRange FallbacksRange { get; init; }

    /// <summary>The caller wants a stream. Gemini says so in the path instead: see <see cref="GeminiPath"/>.</summary>
    public bool Stream { get; init; }

    /// <summary>The caller's cap on output tokens per choice, always positive; null when absent or when it caps nothing.</summary>
    public long? MaxOutput { get; init; }

    /// <summary>How many answers are generated and billed: <c>n</c>, <c>best_of</c>, <c>candidateCount</c>, times the prompts of a legacy completion.</summary>
    public long Choices { get; init; }

    /// <summary>The body's size. No byte-level tokenizer makes more tokens than bytes, and the JSON around a message outweighs its template tokens.</summary>
    public long InputBytes { get; init; }

    /// <summary><c>stream_options.include_usage</c> as the caller wrote it; null when absent.</summary>
    public bool? IncludeUsage { get; init; }

    /// <summary>The service tier asked for (for Anthropic's <c>speed</c>, that); null when absent.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Responses: the answer is only queued, and its usage comes with a later request.</summary>
    public bool Background { get; init; }

    /// <summary>Images and other media parts inside the body: a small file may cost more tokens than it has bytes.</summary>
    public int MediaParts { get; init; }

    /// <summary>Audio is among the input, which may be priced apart.</summary>
    public bool HasAudio { get; init; }

    /// <summary>
    /// The input is more than the body: stored conversations, files by reference, documents rendered as pages, tools that the provider runs. Only the
    /// model's context window bounds it.
    /// </summary>
    public bool OpenEndedInput { get; init; }

    /// <summary>Tools are declared: providers add a system prompt of their own for them.</summary>
    public bool HasTools { get; init; }

    /// <summary>How many paid web searches the provider may run: zero without such a tool, the caller's cap, or an assumption.</summary>
    public long WebSearches { get; init; }

    /// <summary>How many searches in stored files the provider may run: zero without such a tool, or an assumption.</summary>
    public long FileSearches { get; init; }

    /// <summary>How many sandboxes the provider may open to run code in.</summary>
    public long Containers { get; init; }

    /// <summary>How much search context is asked for (<c>low</c>, <c>medium</c>, <c>high</c>); null when absent.</summary>
    public string? SearchContext { get; init; }

    /// <summary>Images: the size as the caller wrote it (<c>1024x1792</c>); null when absent.</summary>
    public string? ImageSize { get; init; }

    /// <summary>Images: the quality as the caller wrote it (<c>hd</c>); null when absent.</summary>
    public string? ImageQuality { get; init; }

    /// <summary>Speech: how many characters (Unicode code points) are to be spoken; null when that cannot be told.</summary>
    public long? Characters { get; init; }

    /// <summary>Anthropic: the caller says where the answer is to be computed, which may cost more.</summary>
    public bool PicksPlace { get; init; }

    /// <summary>Anthropic: the caller marks what is to be written to the prompt cache, which costs more than plain input.</summary>
    public bool WritesCache { get; init; }

    /// <summary>Anthropic: as <see cref="WritesCache"/>, for an hour.</summary>
    public bool WritesCache1h { get; init; }

    /// <summary>The offset just behind the body's opening brace.</summary>
    public int ObjectStart { get; init; }

    /// <summary>The value of <c>stream_options</c>.</summary>
    public JsonRange StreamOptionsRange { get; init; }

    /// <summary>The value of <c>stream_options</c> is an object with at least one member.</summary>
    public bool StreamOptionsHasMembers { get; init; }

    /// <summary>The value of <c>stream_options.include_usage</c>.</summary>
    public JsonRange IncludeUsageRange { get; init; }

    public bool HasMedia => MediaParts > 0 || HasAudio;
}
