using System.Net;
using System.Text.Json;
using EdgeGw.Metering;
using EdgeGw.Telemetry;

namespace EdgeGw.Admin;

/// <summary>Reads the body of <c>POST /admin/v1/simulate</c>. Unknown and repeated names are errors: a misspelt <c>groups</c> would be answered for somebody else.</summary>
internal static class SimulatedCallParser
{
    private const int MaxItems = 256;
    private const int MaxText = 256;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8 };

    internal static AdminResult<SimulatedCall> Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement) : Invalid("A JSON object is expected.");
        }
        catch (InvalidOperationException)
        {
            // What JsonElement throws for strings that are no Unicode.
            return Invalid("A string is not valid Unicode.");
        }
        catch (JsonException exception)
        {
            return Invalid($"No valid JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
        }
    }

    private static AdminResult<SimulatedCall> Read(JsonElement root)
    {
        var call = new SimulatedCall { Model = "" };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in root.EnumerateObject())
        {
            if (!seen.Add(field.Name))
            {
                return Invalid("A name is repeated.");
            }
            if (With(call, field.Name, field.Value) is not { } next)
            {
                return Invalid(Help(field.Name));
            }
            call = next;
        }
        return call.Model.Length > 0 ? call : Invalid("model is required: an alias or provider/model; for the dialect \"opaque\" the provider.");
    }

    private static SimulatedCall? With(SimulatedCall call, string name, JsonElement value) => name switch
    {
        "key" => Text(value) is { } key ? call with { Key = key } : null,
        "user" => Text(value) is { } user ? call with { Caller = call.Caller with { User = user } } : null,
        "email" => Text(value) is { } email ? call with { Caller = call.Caller with { Email = email } } : null,
        "service" => Text(value) is { } service ? call with { Caller = call.Caller with { Service = service } } : null,
        "groups" => Texts(value) is { } groups ? call with { Caller = call.Caller with { Groups = groups } } : null,
        "claims" => Map<IReadOnlyList<string>>(value, static claim => claim.ValueKind == JsonValueKind.Array ? Texts(claim) : Text(claim) is { } one ? [one] : null) is { } claims
            ? call with { Caller = call.Caller with { Claims = claims } } : null,
        "metadata" => Map(value, Text) is { } metadata ? call with { Metadata = metadata } : null,
        "dialect" => DialectOf(Text(value)) is { } dialect ? call with { Dialect = dialect } : null,
        "model" => Text(value) is { } model ? call with { Model = model } : null,
        "max_output" => Number(value, 1) is { } most ? call with { MaxOutput = most } : null,
        "prompt_bytes" => Number(value, 0) is { } bytes ? call with { PromptBytes = bytes } : null,
        "stream" => Flag(value) is { } stream ? call with { Stream = stream } : null,
        "tools" => Flag(value) is { } tools ? call with { Tools = tools } : null,
        "images" => Flag(value) is { } images ? call with { Images = images } : null,
        "time" => value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time) ? call with { Time = time } : null,
        "source" => IPAddress.TryParse(Text(value), out var source) ? call with { Source = source } : null,
        _ => null,
    };

    private static string Help(string field) => field switch
    {
        "key" or "user" or "email" or "service" or "model" => $"{field}: 1 to {MaxText} characters.",
        "groups" => $"groups: an array of at most {MaxItems} strings.",
        "claims" => $"claims: an object of at most {MaxItems} strings or arrays of strings.",
        "metadata" => $"metadata: a flat object of at most {MaxItems} strings.",
        "dialect" => "dialect: one of " + string.Join(", ", Enum.GetValues<Dialect>().Select(WireNames.Of)) + ".",
        "max_output" or "prompt_bytes" => $"{field}: a whole number of at most 2147483647.",
        "stream" or "tools" or "images" => $"{field}: true or false.",
        "time" => "time: RFC 3339, such as 2025-11-21T08:00:00Z.",
        "source" => "source: an IP address.",
        _ => "Known names: key, user, email, service, groups, claims, metadata, dialect, model, max_output, prompt_bytes, stream, tools, images, time, source; or last and config.",
    };

    private static string? Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= MaxText } text ? text : null;

    private static IReadOnlyList<string>? Texts(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MaxItems)
        {
            return null;
        }
        var texts = value.EnumerateArray().Select(Text).ToArray();
        return texts.Contains(null) ? null : [.. texts.OfType<string>()];
    }

    private static Dictionary<string, T>? Map<T>(JsonElement value, Func<JsonElement, T?> read)
        where T : class
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        var map = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var field in value.EnumerateObject())
        {
            if (read(field.Value) is not { } item || map.Count == MaxItems || !map.TryAdd(field.Name, item))
            {
                return null;
            }
        }
        return map;
    }

    private static Dialect? DialectOf(string? name)
    {
        foreach (var dialect in Enum.GetValues<Dialect>())
        {
            if (WireNames.Of(dialect) == name)
            {
                return dialect;
            }
        }
        return null;
    }

    private static long? Number(JsonElement value, int least) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least ? number : null;

    private static bool? Flag(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;

    private static AdminError Invalid(string message) => new(400, "invalid_simulation", message);
}
