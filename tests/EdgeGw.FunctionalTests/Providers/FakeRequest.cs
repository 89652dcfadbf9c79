using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.FunctionalTests.Providers;

/// <summary>A request as the provider reads it.</summary>
internal sealed class FakeRequest
{
    private static readonly ChatDialect Chat = new();
    private static readonly ResponsesDialect Responses = new();
    private static readonly MessagesDialect Messages = new();
    private static readonly EmbeddingsDialect Embeddings = new();
    private static readonly GeminiDialect GeminiEvents = new(asArray: false);
    private static readonly GeminiDialect GeminiArray = new(asArray: true);

    public required IFakeDialect Dialect { get; init; }
    public required string Model { get; init; }
    public required bool Stream { get; init; }
    public required bool IncludeUsage { get; init; }
    /// <summary>The output cap in the body, wherever the dialect has it; null: none.</summary>
    public long? MaxOutput { get; init; }

    public required bool Unauthorized { get; init; }
    public required FakeScript Script { get; init; }

    /// <summary>Of the body as it came, for the promise that bodies leave the gateway byte for byte.</summary>
    public required string BodyHash { get; init; }

    /// <summary>Reads body, model and script; null: a path that no dialect knows.</summary>
    public static async Task<FakeRequest?> ReadAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        var bytes = buffer.ToArray();
        var path = context.Request.Path.Value ?? "";
        if (!HttpMethods.IsPost(context.Request.Method) || DialectOf(path, context.Request.Query["alt"] == "sse") is not { } dialect)
        {
            return null;
        }
        var gemini = dialect is GeminiDialect;
        using var json = JsonDocument.Parse(bytes);
        var root = json.RootElement;
        return new FakeRequest
        {
            Dialect = dialect,
            Model = gemini ? ModelInPath(path) : root.GetProperty("model").GetString()!,
            Stream = gemini ? path.EndsWith(":streamGenerateContent", StringComparison.Ordinal) : root.TryGetProperty("stream", out var stream) && stream.GetBoolean(),
            IncludeUsage = root.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object
                && options.TryGetProperty("include_usage", out var include) && include.ValueKind == JsonValueKind.True,
            MaxOutput = CapOf(root),
            Unauthorized = !HasApiKey(context.Request, dialect),
            Script = FakeScript.Parse(bytes),
            BodyHash = Convert.ToHexString(SHA256.HashData(bytes)),
        };
    }

    private static long? CapOf(JsonElement root)
    {
        foreach (var name in (string[])["max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens"])
        {
            if (root.TryGetProperty(name, out var cap))
            {
                return cap.GetInt64();
            }
        }
        return root.TryGetProperty("generationConfig", out var config) ? CapOf(config) : null;
    }

    private static IFakeDialect? DialectOf(string path, bool asEvents) => path switch
    {
        _ when path.EndsWith("/chat/completions", StringComparison.Ordinal) => Chat,
        _ when path.EndsWith("/responses", StringComparison.Ordinal) => Responses,
        _ when path.EndsWith("/messages", StringComparison.Ordinal) => Messages,
        _ when path.EndsWith("/embeddings", StringComparison.Ordinal) => Embeddings,
        _ when path.EndsWith(":generateContent", StringComparison.Ordinal) || path.EndsWith(":streamGenerateContent", StringComparison.Ordinal) =>
            asEvents ? GeminiEvents : GeminiArray,
        _ => null,
    };

    private static string ModelInPath(string path)
    {
        var start = path.LastIndexOf('/') + 1;
        return path[start..path.LastIndexOf(':')];
    }

    private static bool HasApiKey(HttpRequest request, IFakeDialect dialect) => dialect switch
    {
        // The real API takes both: the older header, and the bearer token that its SDK sends since version 1.
        MessagesDialect => request.Headers["x-api-key"] == FakeProvider.ApiKey || request.Headers.Authorization == "Bearer " + FakeProvider.ApiKey,
        GeminiDialect => request.Headers["x-goog-api-key"] == FakeProvider.ApiKey || request.Query["key"] == FakeProvider.ApiKey,
        _ => request.Headers.Authorization == "Bearer " + FakeProvider.ApiKey,
    };
}
