using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;

namespace EdgeGw.Identity;

/// <summary>A virtual key's journal payload: JSON, since keys change rarely and must stay readable by later versions.</summary>
internal static class KeyRecord
{
    public const byte Version = 1;

    public static void Write(IBufferWriter<byte> output, VirtualKey key)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("id"u8, key.Id);
        json.WriteString("name"u8, key.Name);
        json.WriteString("digest"u8, key.Digest.ToString());
        json.WriteString("service"u8, key.Service);
        json.WriteStartArray("groups"u8);
        foreach (var group in key.Groups)
        {
            json.WriteStringValue(group);
        }
        json.WriteEndArray();
        json.WriteStartObject("metadata"u8);
        foreach (var (name, value) in key.Metadata)
        {
            json.WriteString(name, value);
        }
        json.WriteEndObject();
        json.WriteString("created"u8, key.Created);
        WriteTime(json, "expires"u8, key.Expires);
        WriteTime(json, "revoked"u8, key.Revoked);
        json.WriteEndObject();
    }

    public static VirtualKey Read(ReadOnlyMemory<byte> payload)
    {
        using var document = JsonDocument.Parse(payload);
        var json = document.RootElement;
        KeyDigest.TryParse(json.GetProperty("digest"u8).GetString()!, out var digest);
        return new VirtualKey
        {
            Id = json.GetProperty("id"u8).GetString()!,
            Name = json.GetProperty("name"u8).GetString()!,
            Digest = digest,
            Service = json.GetProperty("service"u8).GetString(),
            Groups = [.. json.GetProperty("groups"u8).EnumerateArray().Select(group => group.GetString()!)],
            Metadata = json.GetProperty("metadata"u8).EnumerateObject().ToFrozenDictionary(pair => pair.Name, pair => pair.Value.GetString()!),
            Created = json.GetProperty("created"u8).GetDateTimeOffset(),
            Expires = ReadTime(json.GetProperty("expires"u8)),
            Revoked = ReadTime(json.GetProperty("revoked"u8)),
        };
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
