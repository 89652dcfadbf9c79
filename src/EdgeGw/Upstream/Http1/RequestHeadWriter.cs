using System.Text;

namespace EdgeGw.Upstream.Http1;

/// <summary>Writes a request's head from its parts. Framing and <c>Host</c> are ours alone.</summary>
internal static class RequestHeadWriter
{
    /// <summary>What keeps this request from being written; null: nothing. Checked before a connection is taken.</summary>
    public static string? Fault(UpstreamRequest request)
    {
        if (!Http1Grammar.IsToken(request.Method))
        {
            return "method is not a token";
        }
        if (!Http1Grammar.IsTarget(request.Target))
        {
            return "request target has characters that are not allowed";
        }
        foreach (var (name, value) in request.Headers)
        {
            if (!Http1Grammar.IsToken(name) || !Http1Grammar.IsFieldValue(value))
            {
                return "a header has characters that are not allowed";
            }
        }
        return null;
    }

    /// <summary>Bytes that the head needs at most.</summary>
    public static int MaxLength(UpstreamRequest request, ReadOnlySpan<byte> host)
    {
        var length = 128 + request.Method.Length + request.Target.Length + host.Length;
        foreach (var (name, value) in request.Headers)
        {
            length += name.Length + 4 + Encoding.UTF8.GetMaxByteCount(value.Length);
        }
        return length;
    }

    /// <param name="host">The value of the <c>Host</c> field.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(UpstreamRequest request, ReadOnlySpan<byte> host, long bodyLength, Span<byte> to)
    {
        var at = Text(request.Method, to, 0);
        to[at++] = (byte)' ';
        at = Text(request.Target, to, at);
        at = Bytes(" HTTP/1.1\r\nHost: "u8, to, at);
        at = Bytes(host, to, at);
        foreach (var (name, value) in request.Headers)
        {
            if (IsOurs(name))
            {
                continue;
            }
            at = Bytes("\r\n"u8, to, at);
            at = Text(name, to, at);
            at = Bytes(": "u8, to, at);
            at += Encoding.UTF8.GetBytes(value, to[at..]);
        }
        if (bodyLength > 0 || request.Method is "POST" or "PUT" or "PATCH")
        {
            at = Bytes("\r\nContent-Length: "u8, to, at);
            bodyLength.TryFormat(to[at..], out var digits, default, System.Globalization.CultureInfo.InvariantCulture);
            at += digits;
        }
        return Bytes("\r\n\r\n"u8, to, at);
    }

    /// <summary>Headers that the transport writes itself.</summary>
    public static bool IsOurs(string name) => name.Length switch
    {
        4 => name.Equals("Host", StringComparison.OrdinalIgnoreCase),
        10 => name.Equals("Connection", StringComparison.OrdinalIgnoreCase),
        14 => name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase),
        17 => name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private static int Text(string text, Span<byte> to, int at)
    {
        Ascii.FromUtf16(text, to[at..], out var written);
        return at + written;
    }

    private static int Bytes(ReadOnlySpan<byte> bytes, Span<byte> to, int at)
    {
        bytes.CopyTo(to[at..]);
        return at + bytes.Length;
    }
}
