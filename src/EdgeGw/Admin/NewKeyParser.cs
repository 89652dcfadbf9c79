using System.Collections.Frozen;
using System.Text.Json;

namespace EdgeGw.Admin;

/// <summary>Reads the body of <c>POST /admin/v1/keys</c>. Unknown and repeated names are errors: a misspelt <c>expires</c> must not make an eternal key.</summary>
internal static class NewKeyParser
{
    private const int MaxGroups = 64;
    private const int MaxMetadata = 32;
    private const int MaxModels = 64;
    private const int MaxText = 128;
    private const int MaxPerson = 256;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8 };

    internal static AdminResult<NewKey> Parse(byte[] body, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement, now)
                : Invalid("A JSON object is expected.");
        }
        catch (InvalidOperationException)
        {
            // What JsonElement throws for strings that are no Unicode: unpaired surrogates, broken UTF-8.
            return Invalid("A string is not valid Unicode.");
        }
        catch (JsonException exception)
        {
            return Invalid($"No valid JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
        }
    }

    private static AdminResult<NewKey> Read(JsonElement root, DateTimeOffset now)
    {
        string? name = null, service = null, user = null, email = null;
        IReadOnlyList<string> groups = [], models = [];
        IReadOnlyDictionary<string, string> metadata = FrozenDictionary<string, string>.Empty;
        DateTimeOffset? expires = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in root.EnumerateObject())
        {
            if (!seen.Add(field.Name))
            {
                return Invalid("A name is repeated.");
            }
            var valid = field.Name switch
            {
                "name" => TryText(field.Value, out name) && !name!.Contains('/', StringComparison.Ordinal),
                "service" => field.Value.ValueKind == JsonValueKind.Null || TryText(field.Value, out service),
                "user" => field.Value.ValueKind == JsonValueKind.Null || TryText(field.Value, out user, MaxPerson),
                "email" => field.Value.ValueKind == JsonValueKind.Null || TryText(field.Value, out email, MaxPerson),
                "groups" => TryTexts(field.Value, MaxGroups, out groups),
                // An empty list would be a limit that limits nothing.
                "models" => TryTexts(field.Value, MaxModels, out models) && models.Count > 0,
                "metadata" => TryMetadata(field.Value, out metadata),
                "expires" => TryExpires(field.Value, now, out expires),
                _ => false,
            };
            if (!valid)
            {
                return Invalid(Help(field.Name));
            }
        }
        return name is null ? Invalid("name is required.") : new NewKey(name, service, groups, metadata, expires) { User = user, Email = email, Models = models };
    }

    private static string Help(string field) => field switch
    {
        // A slash could not be told from the path of DELETE /keys/{name}.
        "name" => $"name: 1 to {MaxText} characters, no control characters, no '/'.",
        "service" => $"service: 1 to {MaxText} characters, no control characters.",
        "user" or "email" => $"{field}: 1 to {MaxPerson} characters, no control characters.",
        "models" => $"models: an array of 1 to {MaxModels} patterns such as openai/gpt-5*; leave it out to allow all.",
        "groups" => $"groups: an array of at most {MaxGroups} strings.",
        "metadata" => $"metadata: a flat object of at most {MaxMetadata} strings.",
        "expires" => "expires: a future time (RFC 3339) or a span such as 90d.",
        _ => "Known names: name, user, email, service, groups, models, metadata, expires.",
    };

    private static bool TryText(JsonElement value, out string? text, int longest = MaxText)
    {
        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is { Length: > 0 } && text.Length <= longest && !text.AsSpan().Trim().IsEmpty && !text.Any(char.IsControl);
    }

    private static bool TryTexts(JsonElement value, int most, out IReadOnlyList<string> texts)
    {
        var list = new List<string>();
        texts = list;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > most)
        {
            return false;
        }
        foreach (var element in value.EnumerateArray())
        {
            if (!TryText(element, out var text))
            {
                return false;
            }
            list.Add(text!);
        }
        return true;
    }

    private static bool TryMetadata(JsonElement value, out IReadOnlyDictionary<string, string> metadata)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        metadata = map;
        if (value.ValueKind != JsonValueKind.Object)
        {
            return false;
        }
        foreach (var field in value.EnumerateObject())
        {
            if (field.Name.Length is 0 or > MaxText || !TryText(field.Value, out var text) || !map.TryAdd(field.Name, text!) || map.Count > MaxMetadata)
            {
                return false;
            }
        }
        return true;
    }

    private static bool TryExpires(JsonElement value, DateTimeOffset now, out DateTimeOffset? expires)
    {
        expires = null;
        if (value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }
        if (value.ValueKind != JsonValueKind.String || !AdminTime.TryParseFuture(value.GetString()!, now, out var time) || time <= now)
        {
            return false;
        }
        expires = time;
        return true;
    }

    private static AdminError Invalid(string message) => new(400, "invalid_key", message);
}
