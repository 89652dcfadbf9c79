using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Pricing;

namespace EdgeGw.Cli;

/// <summary>The admin API's JSON, read and written by hand. Readers throw the exceptions that <see cref="AdminClient"/> turns into one error.</summary>
internal static class AdminJson
{
    public static ReadOnlyMemory<byte> Write(KeyCreateOptions key)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("name", key.Name);
        if (key.Service is not null)
        {
            json.WriteString("service", key.Service);
        }
        json.WriteStartArray("groups");
        foreach (var group in key.Groups)
        {
            json.WriteStringValue(group);
        }
        json.WriteEndArray();
        json.WriteStartObject("metadata");
        foreach (var (name, value) in key.Metadata)
        {
            json.WriteString(name, value);
        }
        json.WriteEndObject();
        if (key.Expires is { } expires)
        {
            json.WriteString("expires", expires);
        }
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    public static CreatedKey ReadCreatedKey(JsonElement json) => new(
        json.GetProperty("id").GetString()!, json.GetProperty("name").GetString()!, json.GetProperty("secret").GetString()!, Text(json, "hash"),
        Moment(json, "expires"));

    public static IReadOnlyList<KeyInfo> ReadKeys(JsonElement json) => [.. json.GetProperty("keys").EnumerateArray().Select(ReadKey)];

    public static KeyInfo ReadKey(JsonElement json) => new()
    {
        Id = json.GetProperty("id").GetString()!,
        Name = json.GetProperty("name").GetString()!,
        Service = Text(json, "service"),
        Groups = json.TryGetProperty("groups", out var groups) && groups.ValueKind == JsonValueKind.Array
            ? [.. groups.EnumerateArray().Select(group => group.GetString()!)]
            : [],
        Metadata = json.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object
            ? metadata.EnumerateObject().ToFrozenDictionary(label => label.Name, label => label.Value.GetString()!)
            : FrozenDictionary<string, string>.Empty,
        Created = Moment(json, "created"),
        Expires = Moment(json, "expires"),
        // A flag, or the moment of revocation.
        Revoked = json.TryGetProperty("revoked", out var revoked) && revoked.ValueKind is JsonValueKind.True or JsonValueKind.String,
    };

    public static UsageReport ReadUsage(JsonElement json)
    {
        string[] by = [.. json.GetProperty("by").EnumerateArray().Select(name => name.GetString()!)];
        return new UsageReport(by, [.. json.GetProperty("rows").EnumerateArray().Select(row => ReadRow(row, by))], ReadRow(json.GetProperty("total"), []));
    }

    /// <summary>The API's own error; null when the body is none.</summary>
    public static ControlError? ReadError(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
        && Text(error, "code") is { } code && Text(error, "message") is { } message
            ? new ControlError(code, message)
            : null;

    private static UsageRow ReadRow(JsonElement json, string[] by)
    {
        if (!DecimalText.TryParse(json.GetProperty("cost_usd").GetString(), out var cost))
        {
            throw new FormatException("cost_usd is no decimal");
        }
        var dimensions = Array.ConvertAll(by, name => Text(json, name) ?? "");
        return new UsageRow(dimensions, json.GetProperty("requests").GetInt64(), UsageFields.Read(json.GetProperty("usage")), NanoUsd.FromDollars(cost));
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Moment(JsonElement json, string name) =>
        Text(json, name) is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;
}
