using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Demo;

/// <summary>What the demo provider needs to know of a request, whatever its dialect.</summary>
internal sealed record DemoRequest
{
    // About what a tokeniser makes of English: four bytes a token.
    private const int BytesPerToken = 4;

    public required string Model { get; init; }
    public required bool Stream { get; init; }
    public required bool IncludeUsage { get; init; }

    /// <summary>Tokens of the prompt, at least one.</summary>
    public required int InputTokens { get; init; }

    /// <summary>The caller's cap on output tokens; <see cref="int.MaxValue"/> without one.</summary>
    public required int MaxOutput { get; init; }

    /// <summary>Reads the body; throws <see cref="JsonException"/> when it is not a JSON object.</summary>
    public static async ValueTask<DemoRequest> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        using var json = await JsonDocument.ParseAsync(request.Body, cancellationToken: cancellation).ConfigureAwait(false);
        var root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("The body is not a JSON object.");
        }
        var path = request.Path.Value ?? "";
        var config = root.TryGetProperty("generationConfig", out var generation) && generation.ValueKind == JsonValueKind.Object ? generation : root;
        return new DemoRequest
        {
            Model = ModelInPath(path) ?? (root.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String ? model.GetString()! : "demo"),
            Stream = path.EndsWith(":streamGenerateContent", StringComparison.Ordinal) || IsTrue(root, "stream"),
            IncludeUsage = root.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object && IsTrue(options, "include_usage"),
            InputTokens = Math.Max(1, (int)(TextBytes(root) / BytesPerToken)),
            MaxOutput = Cap(root, "max_completion_tokens") ?? Cap(root, "max_output_tokens") ?? Cap(root, "max_tokens") ?? Cap(config, "maxOutputTokens") ?? int.MaxValue,
        };
    }

    private static string? ModelInPath(string path)
    {
        var verb = path.LastIndexOf(':');
        return verb < 0 ? null : path[(path.LastIndexOf('/', verb) + 1)..verb];
    }

    private static bool IsTrue(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static int? Cap(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var cap) && cap > 0 ? cap : null;

    /// <summary>All text in the places where prompts stand; names and settings beside them are not charged.</summary>
    private static long TextBytes(JsonElement root)
    {
        long bytes = 0;
        foreach (var name in (ReadOnlySpan<string>)["messages", "system", "input", "instructions", "contents", "systemInstruction", "tools"])
        {
            if (root.TryGetProperty(name, out var part))
            {
                bytes += StringBytes(part);
            }
        }
        return bytes;
    }

    private static long StringBytes(JsonElement json)
    {
        long bytes = 0;
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                return System.Text.Encoding.UTF8.GetByteCount(json.GetString()!);
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    bytes += StringBytes(item);
                }
                return bytes;
            case JsonValueKind.Object:
                foreach (var property in json.EnumerateObject())
                {
                    bytes += StringBytes(property.Value);
                }
                return bytes;
            default:
                return 0;
        }
    }
}
