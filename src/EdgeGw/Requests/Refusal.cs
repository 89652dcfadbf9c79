using EdgeGw.Metering;

namespace EdgeGw.Requests;

/// <summary>Why the gateway itself does not serve a request. The message goes to the caller: it says what to do and holds no secret.</summary>
/// <param name="Status">HTTP status. A fault of ours is 503, never 401 (acceptance case 64).</param>
/// <param name="Code">Stable, for programs: snake_case.</param>
public sealed record Refusal(int Status, string Code, string Message)
{
    /// <summary>Whole seconds until a retry can succeed.</summary>
    public long? RetryAfterSeconds { get; init; }

    /// <summary>When the exhausted budget starts anew.</summary>
    public DateTimeOffset? Reset { get; init; }

    /// <summary>The budget that said no, for metrics.</summary>
    public string? Budget { get; init; }

    /// <summary>What the rate limit that said no counts: <c>requests</c>, <c>tokens</c>, <c>concurrent</c> or <c>spend</c>.</summary>
    public string? LimitKind { get; init; }

    /// <summary>The envelope to use where no dialect is known yet.</summary>
    public static Dialect StyleOf(ReadOnlySpan<char> path)
    {
        if (path.Contains("/messages", StringComparison.Ordinal))
        {
            return Dialect.Messages;
        }
        if (path.Contains("/model/", StringComparison.Ordinal) && (path.Contains("/converse", StringComparison.Ordinal) || path.Contains("/invoke", StringComparison.Ordinal)))
        {
            return Dialect.Converse;
        }
        return path.Contains("/v1beta", StringComparison.Ordinal) || path.Contains("enerateContent", StringComparison.Ordinal) ? Dialect.Gemini : Dialect.ChatCompletions;
    }
}
