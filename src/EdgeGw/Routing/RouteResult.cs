using EdgeGw.Metering;

namespace EdgeGw.Routing;

/// <summary>Which of the gateway's surfaces a path belongs to.</summary>
public enum Surface : byte
{
    /// <summary>None: see <see cref="RouteResult.Error"/>.</summary>
    None,
    /// <summary><c>/{provider}/…</c>: the provider's own path.</summary>
    Native,
    /// <summary><c>/v1/chat/completions</c> and its like: the model says which provider.</summary>
    Unified,
    /// <summary><c>GET /v1/models</c>: answered by the gateway itself.</summary>
    Models,
}

/// <summary>What a path alone says. The model, where it stands in the body, comes in the second step: <see cref="Router.ResolveModel"/>.</summary>
public readonly record struct RouteResult
{
    public Surface Surface { get; init; }

    public Dialect Dialect { get; init; }

    /// <summary>The path reads or cancels an answer that an earlier request made: that answer's dialect; opaque: it does not.</summary>
    public Dialect StoredDialect { get; init; }

    public bool IsStored => StoredDialect != Dialect.Opaque;

    /// <summary>What the answer is metered as, whichever request made it.</summary>
    public Dialect AnswerDialect => IsStored ? StoredDialect : Dialect;

    /// <summary>Named in the path; null on the unified surface.</summary>
    public Provider? Provider { get; init; }

    /// <summary>The model where it stands in the path (Gemini, Vertex, Azure deployments), decoded; null: look in the body.</summary>
    public string? PathModel { get; init; }

    /// <summary>The path asks for a stream (Gemini's <c>streamGenerateContent</c>); elsewhere the body says it.</summary>
    public bool StreamedByPath { get; init; }

    /// <summary>The native surface's path and query on the wire, without credentials; null on the unified one.</summary>
    public string? NativeTarget { get; init; }

    /// <summary>The query to pass on, with its question mark and without credentials.</summary>
    public string Query { get; init; }

    /// <summary>The caller's credential from the query (<c>?key=</c>, as old Gemini clients send it), decoded; null: none. Never forwarded in the URL.</summary>
    public string? QueryCredential { get; init; }

    /// <summary>Set exactly when there is no route.</summary>
    public RouteError? Error { get; init; }

    internal static RouteResult Failed(int status, string code, string message) => new() { Error = new(status, code, message), Query = "" };
}
