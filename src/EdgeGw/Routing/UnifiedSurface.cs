using EdgeGw.Metering;

namespace EdgeGw.Routing;

/// <summary>The paths that belong to no provider: the model in the request says where they lead.</summary>
internal static class UnifiedSurface
{
    /// <summary>As they are told to callers.</summary>
    public const string Paths = "/v1/chat/completions, /v1/responses, /v1/messages, /v1/embeddings, /v1/completions, /v1/models, /v1beta/models/{model}:generateContent";

    /// <summary>The dialect of a unified path, with or without <c>/v1</c>; null: no such path.</summary>
    public static Dialect? DialectOf(ReadOnlySpan<char> path) => WithoutVersion(path) switch
    {
        "/chat/completions" => Dialect.ChatCompletions,
        "/responses" => Dialect.Responses,
        "/messages" => Dialect.Messages,
        "/embeddings" => Dialect.Embeddings,
        "/completions" => Dialect.Completions,
        _ => null,
    };

    /// <summary>What stands after <c>/responses</c> in the path of one that was made earlier; empty: no such path.</summary>
    public static ReadOnlySpan<char> StoredResponseOf(ReadOnlySpan<char> path)
    {
        var rest = WithoutVersion(path);
        return rest.StartsWith("/responses/", StringComparison.Ordinal) ? rest["/responses".Length..] : default;
    }

    /// <summary>The path of a dialect that is told by <see cref="DialectOf"/>, without version.</summary>
    public static string PathOf(Dialect dialect) => dialect switch
    {
        Dialect.Responses => "/responses",
        Dialect.Messages => "/messages",
        Dialect.Embeddings => "/embeddings",
        Dialect.Completions => "/completions",
        _ => "/chat/completions",
    };

    public static bool IsReserved(string segment) =>
        segment is "v1" or "v1beta" or "models" or "chat" or "responses" or "messages" or "embeddings" or "completions";

    public static bool IsModels(ReadOnlySpan<char> path) => WithoutVersion(path) is "/models";

    /// <summary>Splits <c>/v1beta/models/{model}:{method}</c>, as the Gemini SDK writes it; the model may have slashes.</summary>
    public static bool TrySplitGemini(ReadOnlySpan<char> path, out string model, out string method)
    {
        (model, method) = ("", "");
        var rest = path.StartsWith("/v1beta/models/", StringComparison.Ordinal) ? path["/v1beta/models/".Length..]
            : path.StartsWith("/v1/models/", StringComparison.Ordinal) ? path["/v1/models/".Length..] : default;
        var colon = rest.LastIndexOf(':');
        if (colon <= 0 || rest[(colon + 1)..] is not ("generateContent" or "streamGenerateContent"))
        {
            return false;
        }
        model = Uri.UnescapeDataString(rest[..colon]);
        method = rest[(colon + 1)..].ToString();
        return true;
    }

    private static ReadOnlySpan<char> WithoutVersion(ReadOnlySpan<char> path) => path.StartsWith("/v1/", StringComparison.Ordinal) ? path[3..] : path;
}
