using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;

namespace EdgeGw.Identity;

/// <summary>A virtual key's journal payload: JSON, since keys change rarely and must stay readable by later versions.</summary>
internal static class KeyRecord
{
    /// <summary>Version 1 knew no owner, no models and no rotation. What is absent is as it was then.</summary>
    public const byte Version = 2;

    public static void Write(IBufferWriter<byte> output, VirtualKey key)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("id"u8, key.Id);
        json.WriteString("name"u8, key.Name);
        json.WriteString("digest"u8, key.Digest.ToString());
        json.WriteStartArray("replaced"u8);
        foreach (var secret in key.Replaced)
        {
            json.WriteStartObject();
            json.WriteString("digest"u8, secret.Digest.ToString());
            json.WriteString("ends"u8, secret.Ends);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("user"u8, key.User);
        json.WriteString("email"u8, key.Email);
        json.WriteString("service"u8, key.Service);
        WriteTexts(json, "groups"u8, key.Groups);
        WriteTexts(json, "models"u8, key.Models);
        json.WriteStartObject("metadata"u8);
        foreach (var (name, value) in key.Metadata)
        {
            json.WriteString(name, value);
        }
        json.WriteEndObject();
        json.WriteString("created"u8, key.Created);
        WriteTime(json, "rotated"u8, key.Rotated);
        WriteTime(json, "expires"u8, key.Expires);
        WriteTime(json, "revoked"u8, key.Revoked);
        json.WriteEndObject();
    }

    public static VirtualKey Read(ReadOnlyMemory<byte> payload)
    {
        using var document = JsonDocument.Parse(payload);
        var json = document.RootElement;
        return new VirtualKey
        {
            Id = json.GetProperty("id"u8).GetString()!,
            Name = json.GetProperty("name"u8).GetString()!,
            Digest = ReadDigest(json),
            Replaced = json.TryGetProperty("replaced"u8, out var replaced)
                ? [.. replaced.EnumerateArray().Select(static secret => new ReplacedSecret(ReadDigest(secret), secret.GetProperty("ends"u8).GetDateTimeOffset()))]
                : [],
            User = json.TryGetProperty("user"u8, out var user) ? user.GetString() : null,
            Email = json.TryGetProperty("email"u8, out var email) ? email.GetString() : null,
            Service = json.GetProperty("service"u8).GetString(),
            Groups = ReadTexts(json.GetProperty("groups"u8)),
            Models = json.TryGetProperty("models"u8, out var models) ? ReadTexts(models) : [],
            Metadata = json.GetProperty("metadata"u8).EnumerateObject().ToFrozenDictionary(pair => pair.Name, pair => pair.Value.GetString()!),
            Created = json.GetProperty("created"u8).GetDateTimeOffset(),
            Rotated = json.TryGetProperty("rotated"u8, out var rotated) ? ReadTime(rotated) : null,
            Expires = ReadTime(json.GetProperty("expires"u8)),
            Revoked = ReadTime(json.GetProperty("revoked"u8)),
        };
    }

    private static KeyDigest ReadDigest(JsonElement json)
    {
        KeyDigest.TryParse(json.GetProperty("digest"u8).GetString()!, out var digest);
        return digest;
    }

    private static string[] ReadTexts(JsonElement json) => [.. json.EnumerateArray().Select(static text => text.GetString()!)];

    private static void WriteTexts(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }
        json.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } value)
        {
            json.WriteString(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static DateTimeOffset? ReadTime(JsonElement element) => element.ValueKind == JsonValueKind.Null ? null : element.GetDateTimeOffset();
}
