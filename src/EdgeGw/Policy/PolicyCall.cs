using System.Net;
using EdgeGw.Identity;
using EdgeGw.Metering;

namespace EdgeGw.Policy;

/// <summary>All of a call that policies may ask about.</summary>
/// <param name="Model">As the provider names it; null or empty: not known (opaque routes).</param>
/// <param name="Metadata">The labels that the caller sent.</param>
/// <param name="Source">Where it connects from; null: not known, and no rule on networks is for it.</param>
internal readonly record struct PolicyCall(
    Principal Principal, string? Provider, string? Model, Dialect Dialect, IReadOnlyDictionary<string, string> Metadata,
    RequestFeatures Request, DateTimeOffset Time, IPAddress? Source);

/// <summary>What a request asks for.</summary>
/// <param name="IsKnown">Its body was understood; otherwise only its size is known.</param>
/// <param name="MaxOutput">The cap on output tokens; null: none.</param>
/// <param name="Generates">It makes output tokens that a cap could bound, as far as anybody knows.</param>
internal readonly record struct RequestFeatures(
    bool IsKnown, bool Tools, bool Images, bool Stream, long? MaxOutput, long PromptBytes, bool Generates);
