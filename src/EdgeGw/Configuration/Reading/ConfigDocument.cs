using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace EdgeGw.Configuration.Reading;

/// <summary>Parses JSON with comments and trailing commas into a tree that carries positions, so that binding can go on after a fault.</summary>
internal static class ConfigDocument
{
    private const int MaxDepth = 32;

    /// <summary>The root, or null with the one syntax fault reported: after it nothing else can be trusted.</summary>
    public static ConfigNode? Parse(ReadOnlySpan<byte> utf8, string file, List<ConfigFault> faults)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
        {
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        }
        var lines = new LineTable(utf8);
        if (!Utf8.IsValid(utf8))
        {
            var position = lines.At(FirstInvalidByte(utf8));
            faults.Add(new ConfigFault(file, position.Line, position.Column, "", "not UTF-8 text"));
            return null;
        }
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions
        {
            CommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            MaxDepth = MaxDepth,
        });
        try
        {
            reader.Read();
            var root = ReadValue(ref reader, lines);
            reader.Read(); // throws where anything follows the root
            return root;
        }
        catch (JsonException fault)
        {
            var position = lines.At(fault.LineNumber ?? 0, fault.BytePositionInLine ?? 0);
            faults.Add(new ConfigFault(file, position.Line, position.Column, "", SyntaxMessage(fault.Message)));
            return null;
        }
        catch (InvalidOperationException)
        {
            // The reader accepts "\ud800" as a token and refuses it only when decoding: a lone surrogate is no text.
            var position = lines.At(reader.TokenStartIndex);
            faults.Add(new ConfigFault(file, position.Line, position.Column, "", "a string holds half of a surrogate pair"));
            return null;
        }
    }

    private static ConfigNode ReadValue(ref Utf8JsonReader reader, LineTable lines)
    {
        var position = lines.At(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new List<ConfigMember>();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    var namePosition = lines.At(reader.TokenStartIndex);
                    reader.Read();
                    members.Add(new ConfigMember(name, namePosition, ReadValue(ref reader, lines)));
                }
                return new ConfigNode(ConfigNodeKind.Object, position, "") { Members = members };
            case JsonTokenType.StartArray:
                var items = new List<ConfigNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(ReadValue(ref reader, lines));
                }
                return new ConfigNode(ConfigNodeKind.Array, position, "") { Items = items };
            case JsonTokenType.String:
                return new ConfigNode(ConfigNodeKind.String, position, reader.GetString()!);
            case JsonTokenType.Number:
                return new ConfigNode(ConfigNodeKind.Number, position, Encoding.UTF8.GetString(reader.ValueSpan));
            case JsonTokenType.True or JsonTokenType.False:
                return new ConfigNode(ConfigNodeKind.Boolean, position, reader.TokenType == JsonTokenType.True ? "true" : "false");
            default:
                return new ConfigNode(ConfigNodeKind.Null, position, "null");
        }
    }

    private static string SyntaxMessage(string message)
    {
        // The framework's text for a misspelt literal quotes it, and an unquoted secret may be one.
        if (message.Contains("invalid JSON literal", StringComparison.Ordinal))
        {
            return "not JSON: expected a value (strings take double quotes)";
        }
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return "not JSON: " + (end < 0 ? message : message[..end]);
    }

    private static int FirstInvalidByte(ReadOnlySpan<byte> utf8)
    {
        var offset = 0;
        while (Rune.DecodeFromUtf8(utf8[offset..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
        {
            offset += consumed;
        }
        return offset;
    }
}
