using EdgeGw.Metering;

namespace EdgeGw.Routing;

/// <summary>What a provider-native path says about dialect and model.</summary>
internal readonly record struct NativePath(Dialect Dialect, string? Model, bool Streamed)
{
    /// <summary>Recognises a path by its last segments, so that version segments, deployments and regions may stand before them.</summary>
    /// <remarks>
    /// As lenient as the servers behind are (case, percent-encoding, trailing slash), so that a call spelt oddly is still metered.
    /// Only POST generates; everything else is opaque.
    /// </remarks>
    public static NativePath Of(string method, ReadOnlySpan<char> path)
    {
        path = path.TrimEnd('/');
        var last = Cut(ref path);
        var before = Cut(ref path);
        var colon = last.LastIndexOf(':');
        if (colon > 0)
        {
            return OfMethod(method, last[..colon], last[(colon + 1)..], before, path);
        }
        var beforeThat = Cut(ref path);
        var deployment = Is(Cut(ref path), "deployments") ? beforeThat.ToString() : Is(beforeThat, "deployments") ? before.ToString() : null;
        return Is(method, "POST") ? new(DialectOf(last, before), deployment, false) : new(Dialect.Opaque, deployment, false);
    }

    private static Dialect DialectOf(ReadOnlySpan<char> last, ReadOnlySpan<char> before)
    {
        if (Is(last, "completions"))
        {
            return Is(before, "chat") ? Dialect.ChatCompletions : Is(before, "agents") ? Dialect.Opaque : Dialect.Completions;
        }
        if (Is(last, "embeddings"))
        {
            return Dialect.Embeddings;
        }
        if (Is(last, "responses") || (Is(last, "compact") && Is(before, "responses")))
        {
            return Dialect.Responses;
        }
        // Not the messages of a thread (/v1/threads/{id}/messages), which generate nothing.
        return Is(last, "messages") && (before.Length == 0 || IsVersion(before)) ? Dialect.Messages : Dialect.Opaque;
    }

    /// <summary>Google's custom methods: <c>{model}:{method}</c>, and Claude on Vertex.</summary>
    private static NativePath OfMethod(
        string method, ReadOnlySpan<char> model, ReadOnlySpan<char> verb, ReadOnlySpan<char> collection, ReadOnlySpan<char> rest)
    {
        var dialect = !Is(method, "POST") ? Dialect.Opaque
            : Is(verb, "generateContent") || Is(verb, "streamGenerateContent") ? Dialect.Gemini
            : (Is(verb, "rawPredict") || Is(verb, "streamRawPredict")) && Is(Cut(ref rest), "anthropic") ? Dialect.Messages
            : Dialect.Opaque;
        var isModel = Is(collection, "models") || Is(collection, "tunedModels");
        return new(dialect, isModel ? model.ToString() : null, verb.StartsWith("stream", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Takes the last segment off; empty: none left.</summary>
    private static ReadOnlySpan<char> Cut(ref ReadOnlySpan<char> path)
    {
        var slash = path.LastIndexOf('/');
        var segment = path[(slash + 1)..];
        path = slash <= 0 ? default : path[..slash];
        return RequestPath.Canonical(segment);
    }

    private static bool IsVersion(ReadOnlySpan<char> segment) => segment.Length >= 2 && segment[0] is 'v' or 'V' && char.IsAsciiDigit(segment[1]);

    private static bool Is(ReadOnlySpan<char> segment, string name) => segment.Equals(name, StringComparison.OrdinalIgnoreCase);
}
