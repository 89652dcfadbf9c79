using EdgeGw.Metering;

namespace EdgeGw.Routing;

/// <summary>What a provider-native path says about dialect and model.</summary>
/// <param name="Stored">The path reads or cancels an answer made earlier, in this dialect; opaque: it does not.</param>
internal readonly record struct NativePath(Dialect Dialect, string? Model, bool Streamed, Dialect Stored = Dialect.Opaque)
{
    /// <summary>Recognises a path by its last segments, so that version segments, deployments and regions may stand before them.</summary>
    /// <remarks>
    /// As lenient as the servers behind are (case, percent-encoding, trailing slash), so that a call spelt oddly is still metered.
    /// Only POST generates; everything else is opaque, though answers made earlier may be read by it.
    /// </remarks>
    /// <param name="kind">The provider's, where one path means different things.</param>
    public static NativePath Of(string method, ReadOnlySpan<char> path, string kind = "")
    {
        path = path.TrimEnd('/');
        if (kind == "workers-ai" && path.IndexOf("/run/", StringComparison.OrdinalIgnoreCase) is >= 0 and var run)
        {
            // "@cf/meta/llama-3.1-8b-instruct": the model's name has slashes.
            return new(Is(method, "POST") ? Dialect.WorkersAi : Dialect.Opaque, RequestPath.Canonical(path[(run + 5)..]).ToString(), false);
        }
        var last = Cut(ref path);
        var before = Cut(ref path);
        var colon = last.LastIndexOf(':');
        if (colon > 0)
        {
            return OfMethod(method, last[..colon], last[(colon + 1)..], before, path);
        }
        var beforeThat = Cut(ref path);
        if (StoredBy(method, last, before, beforeThat) is var stored and not Dialect.Opaque)
        {
            return new(Dialect.Opaque, null, false, stored);
        }
        if (Is(beforeThat, "model") && BedrockOf(method, before, last) is { } bedrock)
        {
            return bedrock;
        }
        var deployment = Is(Cut(ref path), "deployments") ? beforeThat.ToString() : Is(beforeThat, "deployments") ? before.ToString() : null;
        return Is(method, "POST") ? new(DialectOf(last, before, kind), deployment, Is(last, "generation_stream")) : new(Dialect.Opaque, deployment, false);
    }

    /// <summary>Bedrock: <c>/model/{id}/converse</c> and its like, the id being a name, a profile or an encoded ARN.</summary>
    private static NativePath? BedrockOf(string method, ReadOnlySpan<char> model, ReadOnlySpan<char> verb)
    {
        var isConverse = Is(verb, "converse") || Is(verb, "converse-stream");
        if (!isConverse && !Is(verb, "invoke") && !Is(verb, "invoke-with-response-stream"))
        {
            return null;
        }
        var dialect = !Is(method, "POST") ? Dialect.Opaque : isConverse ? Dialect.Converse : Dialect.InvokeModel;
        return new(dialect, BedrockModel.NameOf(model), verb.EndsWith("stream", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary><c>GET …/responses/{id}</c> and <c>POST …/responses/{id}/cancel</c>, and the same of interactions.</summary>
    private static Dialect StoredBy(string method, ReadOnlySpan<char> last, ReadOnlySpan<char> before, ReadOnlySpan<char> beforeThat)
    {
        var collection = Is(method, "GET") ? before : Is(method, "POST") && Is(last, "cancel") ? beforeThat : default;
        return Is(collection, "responses") ? Dialect.Responses : Is(collection, "interactions") ? Dialect.Interactions : Dialect.Opaque;
    }

    private static Dialect DialectOf(ReadOnlySpan<char> last, ReadOnlySpan<char> before, string kind)
    {
        if (Is(last, "completions"))
        {
            return Is(before, "chat") ? Dialect.ChatCompletions : Is(before, "agents") ? Dialect.Opaque : Dialect.Completions;
        }
        if (Is(last, "embeddings") || Is(last, "embed"))
        {
            return Dialect.Embeddings;
        }
        if (Is(last, "responses") || (Is(last, "compact") && Is(before, "responses")))
        {
            return Dialect.Responses;
        }
        if (Is(before, "images"))
        {
            return Is(last, "generations") || Is(last, "edits") || Is(last, "variations") ? Dialect.Images : Dialect.Opaque;
        }
        if (Is(before, "audio"))
        {
            return Is(last, "transcriptions") || Is(last, "translations") ? Dialect.Transcriptions : Is(last, "speech") ? Dialect.Speech : Dialect.Opaque;
        }
        if (Is(before, "text") && (Is(last, "generation") || Is(last, "generation_stream")))
        {
            return Dialect.Watsonx;
        }
        if (Is(before, "api") && (Is(last, "chat") || Is(last, "generate")))
        {
            return Dialect.Ollama;
        }
        if (IsVersion(before) || before.Length == 0)
        {
            return OfVersion(last, before, kind);
        }
        return Dialect.Opaque;
    }

    /// <summary>Paths of one segment behind the version.</summary>
    private static Dialect OfVersion(ReadOnlySpan<char> last, ReadOnlySpan<char> version, string kind)
    {
        if (Is(last, "chat"))
        {
            // Writer's is OpenAI's in all but the path.
            return kind == "cohere" || Is(version, "v2") ? Dialect.CohereChat : version.Length == 0 ? Dialect.Opaque : Dialect.ChatCompletions;
        }
        // Not the messages of a thread (/v1/threads/{id}/messages), which generate nothing.
        return Is(last, "messages") ? Dialect.Messages
            : Is(last, "rerank") ? Dialect.Rerank
            : Is(last, "interactions") ? Dialect.Interactions
            : Is(last, "complete") ? Dialect.AnthropicComplete
            : Is(last, "ocr") ? Dialect.Ocr
            : Dialect.Opaque;
    }

    /// <summary>Google's custom methods: <c>{model}:{method}</c>, and Claude on Vertex.</summary>
    private static NativePath OfMethod(
        string method, ReadOnlySpan<char> model, ReadOnlySpan<char> verb, ReadOnlySpan<char> collection, ReadOnlySpan<char> rest)
    {
        var dialect = !Is(method, "POST") ? Dialect.Opaque
            : Is(verb, "generateContent") || Is(verb, "streamGenerateContent") ? Dialect.Gemini
            : Is(verb, "embedContent") || Is(verb, "batchEmbedContents") ? Dialect.Embeddings
            : Is(verb, "predict") ? PredictedBy(model)
            : (Is(verb, "rawPredict") || Is(verb, "streamRawPredict")) && Is(Cut(ref rest), "anthropic") ? Dialect.Messages
            : Dialect.Opaque;
        var isModel = Is(collection, "models") || Is(collection, "tunedModels");
        return new(dialect, isModel ? model.ToString() : null, verb.StartsWith("stream", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Vertex has one method for everything that is no Gemini.</summary>
    private static Dialect PredictedBy(ReadOnlySpan<char> model) =>
        model.StartsWith("imagen", StringComparison.OrdinalIgnoreCase) ? Dialect.Images
        : model.Contains("embedding", StringComparison.OrdinalIgnoreCase) || model.Contains("gecko", StringComparison.OrdinalIgnoreCase) ? Dialect.Embeddings
        : Dialect.Opaque;

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
