using System.Buffers;
using System.Text;

namespace EdgeGw.Upstream.Aws;

/// <summary>A request in the one form that both sides hash (AWS Signature Version 4, "create a canonical request").</summary>
internal static class CanonicalRequest
{
    /// <summary>RFC 3986's unreserved characters: all that stays as it is.</summary>
    private static readonly SearchValues<byte> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);

    /// <param name="target">Path and query as they are sent. Each segment of the path is encoded once more, as every service but S3 does; dot
    /// segments, which would have to be resolved, never come this far.</param>
    /// <param name="headers">Names in lower case, sorted.</param>
    /// <param name="payloadHash">Of the body as sent, in lower-case hex.</param>
    public static void Write(
        IBufferWriter<byte> output, string method, ReadOnlySpan<char> target, ReadOnlySpan<KeyValuePair<string, string>> headers, ReadOnlySpan<char> payloadHash)
    {
        var question = target.IndexOf('?');
        Encoding.UTF8.GetBytes(method, output);
        output.Write("\n"u8);
        WriteEncoded(output, question < 0 ? target : target[..question], keepSlash: true);
        output.Write("\n"u8);
        if (question >= 0)
        {
            WriteQuery(output, target[(question + 1)..]);
        }
        output.Write("\n"u8);
        foreach (var (name, value) in headers)
        {
            Encoding.UTF8.GetBytes(name, output);
            output.Write(":"u8);
            WriteFolded(output, value);
            output.Write("\n"u8);
        }
        output.Write("\n"u8);
        WriteNames(output, headers);
        output.Write("\n"u8);
        Encoding.UTF8.GetBytes(payloadHash, output);
    }

    /// <summary><c>content-type;host;x-amz-date</c></summary>
    public static void WriteNames(IBufferWriter<byte> output, ReadOnlySpan<KeyValuePair<string, string>> headers)
    {
        for (var i = 0; i < headers.Length; i++)
        {
            output.Write(i == 0 ? default : ";"u8);
            Encoding.UTF8.GetBytes(headers[i].Key, output);
        }
    }

    /// <summary>Parameters decoded, encoded in the one right way, and sorted by their bytes.</summary>
    private static void WriteQuery(IBufferWriter<byte> output, ReadOnlySpan<char> query)
    {
        var parameters = new List<(string Name, string Value)>();
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            if (!pair.IsEmpty)
            {
                var equals = pair.IndexOf('=');
                parameters.Add((Encoded(equals < 0 ? pair : pair[..equals]), equals < 0 ? "" : Encoded(pair[(equals + 1)..])));
            }
        }
        parameters.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name) is not 0 and var order ? order : string.CompareOrdinal(a.Value, b.Value));
        for (var i = 0; i < parameters.Count; i++)
        {
            output.Write(i == 0 ? default : "&"u8);
            Encoding.UTF8.GetBytes(parameters[i].Name, output);
            output.Write("="u8);
            Encoding.UTF8.GetBytes(parameters[i].Value, output);
        }
    }

    private static string Encoded(ReadOnlySpan<char> text)
    {
        var encoded = new ArrayBufferWriter<byte>();
        WriteEncoded(encoded, Uri.UnescapeDataString(text), keepSlash: false);
        return Encoding.ASCII.GetString(encoded.WrittenSpan);
    }

    private static void WriteEncoded(IBufferWriter<byte> output, ReadOnlySpan<char> text, bool keepSlash)
    {
        const int mostPerChar = 9;
        var room = output.GetSpan(text.Length * mostPerChar);
        // The text's own bytes go to the end of the room, from where the encoding overtakes nothing: it writes at most three for one.
        var raw = room[^Encoding.UTF8.GetByteCount(text)..];
        Encoding.UTF8.GetBytes(text, raw);
        var at = 0;
        foreach (var b in raw)
        {
            if (Unreserved.Contains(b) || (keepSlash && b == (byte)'/'))
            {
                room[at++] = b;
            }
            else
            {
                room[at++] = (byte)'%';
                room[at++] = Hex(b >> 4);
                room[at++] = Hex(b & 15);
            }
        }
        output.Advance(at);
    }

    /// <summary>A header's value without white space around it, runs of spaces inside as one.</summary>
    private static void WriteFolded(IBufferWriter<byte> output, ReadOnlySpan<char> value)
    {
        value = value.Trim(" \t");
        while (value.IndexOf("  ") is >= 0 and var run)
        {
            Encoding.UTF8.GetBytes(value[..(run + 1)], output);
            value = value[run..].TrimStart(' ');
        }
        Encoding.UTF8.GetBytes(value, output);
    }

    private static byte Hex(int digit) => (byte)"0123456789ABCDEF"[digit];
}
