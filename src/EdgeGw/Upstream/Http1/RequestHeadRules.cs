namespace EdgeGw.Upstream.Http1;

/// <summary>What may stand in a request's head. Framing and <c>Host</c> are ours alone.</summary>
internal static class RequestHeadRules
{
    /// <summary>What keeps this request from being sent; null: nothing. Checked before a connection is taken.</summary>
    public static string? Fault(UpstreamRequest request)
    {
        var fault = Fault(request.Method, request.Target);
        for (var i = 0; fault is null && i < request.Headers.Count; i++)
        {
            fault = Fault(request.Headers[i]);
        }
        return fault;
    }

    public static string? Fault(string method, string target) =>
        !Http1Grammar.IsToken(method) ? "method is not a token"
        : !Http1Grammar.IsTarget(target) ? "request target has characters that are not allowed"
        : null;

    public static string? Fault(KeyValuePair<string, string> field) =>
        Http1Grammar.IsToken(field.Key) && Http1Grammar.IsFieldValue(field.Value) ? null : "a header has characters that are not allowed";

    /// <summary>Bytes that <see cref="WriteEnd"/> writes at most.</summary>
    public const int LongestEnd = 48;

    /// <summary>Writes what stands behind the last header.</summary>
    /// <returns>Bytes written.</returns>
    public static int WriteEnd(string method, long bodyLength, Span<byte> to)
    {
        var at = 0;
        if (bodyLength > 0 || method is "POST" or "PUT" or "PATCH")
        {
            var name = "\r\nContent-Length: "u8;
            name.CopyTo(to);
            bodyLength.TryFormat(to[name.Length..], out var digits, default, System.Globalization.CultureInfo.InvariantCulture);
            at = name.Length + digits;
        }
        "\r\n\r\n"u8.CopyTo(to[at..]);
        return at + 4;
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
}
