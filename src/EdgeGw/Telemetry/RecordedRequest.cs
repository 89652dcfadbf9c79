using EdgeGw.Metering;

namespace EdgeGw.Telemetry;

/// <summary>What else of a request policies, targets and prices depend on: with it, another configuration can be asked what it would have made of the call.</summary>
/// <param name="Target">The model that the provider was asked for; null or empty: not known.</param>
/// <param name="AnswerDialect">What the answer was metered as; another than the request's where that reads a stored answer.</param>
/// <param name="MaxOutput">The caller's cap on output tokens; null: none.</param>
/// <param name="PromptBytes">Size of the body.</param>
/// <param name="Tier">The tier that served, by the provider's word; null: not said.</param>
/// <param name="Geography">Where it was computed, by the provider's word; null: not said.</param>
public readonly record struct RecordedRequest(
    RequestTraits Traits, string? Target, Dialect AnswerDialect, long? MaxOutput, long PromptBytes, string? Tier, string? Geography)
{
    public bool Has(RequestTraits trait) => (Traits & trait) != 0;
}

/// <summary>What is true of a request. The numbers are on disk: never reuse one.</summary>
[Flags]
public enum RequestTraits
{
    None = 0,
    Tools = 1,
    /// <summary>Images or other media in the body.</summary>
    Media = 2,
    /// <summary>It read or cancelled an answer that an earlier request made.</summary>
    Stored = 4,
    /// <summary>The body's model name said which provider, and not the path.</summary>
    Unified = 8,
    /// <summary>A policy or a used up budget sent it elsewhere than where it was to go.</summary>
    Moved = 16,
    /// <summary>Fees depend on what the body asks for (image size and quality, search context), which is not recorded.</summary>
    FeesByRequest = 32,
    /// <summary>Several models made the answer, each at its own price.</summary>
    SeveralModels = 64,
}
