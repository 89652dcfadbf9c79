using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Requests;

/// <summary>The caller's own labels: a flat JSON object in <c>x-edgegw-metadata</c> or <c>cf-aig-metadata</c>.</summary>
internal static class CallerMetadata
{
    private const int MaxEntries = 16;
    private const int MaxLength = 256;

    /// <returns>False with a message for the caller when the header is there and is not what it should be.</returns>
    public const string Header = "x-edgegw-metadata";

    public static bool TryRead(IHeaderDictionary headers, out IReadOnlyDictionary<string, string> metadata, out string? fault)
    {
        metadata = FrozenDictionary<string, string>.Empty;
        fault = null;
        var header = headers[Header];
        if (header.Count == 0)
        {
            header = headers["cf-aig-metadata"];
        }
        if (header is not [{ Length: > 0 } text])
        {
            return true;
        }
        try
        {
            var entries = new Dictionary<string, string>(StringComparer.Ordinal);
            fault = Read(Encoding.UTF8.GetBytes(text), entries);
            metadata = entries;
        }
        catch (JsonException)
        {
            fault = "The metadata header is not a JSON object.";
        }
        return fault is null;
    }

    private static string? Read(ReadOnlySpan<byte> json, Dictionary<string, string> entries)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return "The metadata header is not a JSON object.";
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var value = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString()!,
                JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                JsonTokenType.True => "true",
                JsonTokenType.False => "false",
                JsonTokenType.Null => string.Empty,
                _ => null,
            };
            if (value is null || name.Length > MaxLength || value.Length > MaxLength || entries.Count == MaxEntries)
            {
                return $"The metadata header must be flat: at most {MaxEntries} names with strings, numbers or booleans of at most {MaxLength} characters.";
            }
            entries[name] = value;
        }
        _ = reader.Read(); // Throws when something stands behind the object.
        return null;
    }
}
