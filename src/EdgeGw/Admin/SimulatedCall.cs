using System.Collections.Frozen;
using System.Net;
using EdgeGw.Identity;
using EdgeGw.Metering;

namespace EdgeGw.Admin;

/// <summary>A call as it could be made: for asking what would become of it.</summary>
public sealed record SimulatedCall
{
    /// <summary>The name or id of the virtual key that it comes with; null: none.</summary>
    public string? Key { get; init; }

    /// <summary>Who calls, beside what the key says; what is named here wins.</summary>
    public Principal Caller { get; init; } = new();

    /// <summary>The labels that the caller sends.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = FrozenDictionary<string, string>.Empty;

    public Dialect Dialect { get; init; } = Dialect.ChatCompletions;

    /// <summary>An alias or <c>provider/model</c>; of an opaque path the provider alone.</summary>
    public required string Model { get; init; }

    /// <summary>The cap on output tokens; null: none.</summary>
    public long? MaxOutput { get; init; }

    /// <summary>The size of the body.</summary>
    public long PromptBytes { get; init; } = 1000;

    public bool Stream { get; init; }
    public bool Tools { get; init; }
    public bool Images { get; init; }

    /// <summary>For policies alone: budgets and limits are as they stand. Null: now.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Where it connects from; null: not known, and policies on networks do not match.</summary>
    public IPAddress? Source { get; init; }
}
