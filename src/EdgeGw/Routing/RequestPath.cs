using System.Buffers;

namespace EdgeGw.Routing;

/// <summary>The path and query of a request target, checked once; identity, routing and forwarding all use this one reading of it.</summary>
public readonly record struct RequestPath
{
    private static readonly SearchValues<char> Suspicious = SearchValues.Create("%\\;");

    /// <summary>Bytes allowed to stand in a target: visible ASCII without <c>#</c> and <c>\</c>.</summary>
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        new string([.. Enumerable.Range(0x21, 0x5E).Select(static c => (char)c).Where(static c => c is not ('#' or '\\'))]));

    private RequestPath(string path, string query)
    {
        Path = path;
        Query = query;
    }

    /// <summary>As it came, still percent-encoded; begins with a slash.</summary>
    public string Path { get; }

    /// <summary>With its question mark; empty: none.</summary>
    public string Query { get; }

    /// <summary>Reads a request target in origin form or absolute form (of which the authority is ignored).</summary>
    /// <param name="fault">What is wrong with the target, for the caller; null: nothing.</param>
    public static RequestPath Parse(string target, out string? fault)
    {
        fault = null;
        var text = target.AsSpan();
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme > 0 && text[0] != '/' && !text[..scheme].ContainsAny('/', '?'))
        {
            var slash = text[(scheme + 3)..].IndexOf('/');
            text = slash < 0 ? "/" : text[(scheme + 3 + slash)..];
        }
        var question = text.IndexOf('?');
        var path = question < 0 ? text : text[..question];
        var query = question < 0 ? default : text[question..];
        fault = FaultOf(path, query);
        return fault is not null ? default
            : path.Length == target.Length ? new(target, "")
            : new(path.ToString(), query.Length <= 1 ? "" : query.ToString());
    }

    /// <summary>A segment as a server may read it: decoded, without matrix parameters. Only for recognising, never for forwarding.</summary>
    internal static ReadOnlySpan<char> Canonical(ReadOnlySpan<char> segment)
    {
        var semicolon = segment.IndexOf(';');
        if (semicolon >= 0)
        {
            segment = segment[..semicolon];
        }
        return segment.Contains('%') ? Uri.UnescapeDataString(segment) : segment;
    }

    private static string? FaultOf(ReadOnlySpan<char> path, ReadOnlySpan<char> query)
    {
        if (path.IsEmpty || path[0] != '/')
        {
            return "the request target must begin with a slash";
        }
        if (path.ContainsAnyExcept(Allowed) || query.ContainsAnyExcept(Allowed))
        {
            return "the request target has characters that are not allowed";
        }
        if (path.IndexOf("//", StringComparison.Ordinal) >= 0)
        {
            return "the path has an empty segment";
        }
        foreach (var range in path[1..].Split('/'))
        {
            var segment = path[1..][range];
            if (segment is "." or "..")
            {
                return "the path has a dot segment";
            }
            if (segment.ContainsAny(Suspicious) && FaultOfEncoded(segment) is { } fault)
            {
                return fault;
            }
        }
        return null;
    }

    /// <summary>Also after a second decoding, because a server behind may undo an encoding that the one before it had left alone.</summary>
    private static string? FaultOfEncoded(ReadOnlySpan<char> segment)
    {
        for (var i = segment.IndexOf('%'); i >= 0 && i < segment.Length; i++)
        {
            if (segment[i] == '%' && (i + 2 >= segment.Length || !char.IsAsciiHexDigit(segment[i + 1]) || !char.IsAsciiHexDigit(segment[i + 2])))
            {
                return "the path has a malformed percent-encoding";
            }
        }
        var decoded = segment.ToString();
        for (var round = 0; round < 3; round++)
        {
            foreach (var part in decoded.Split('/'))
            {
                var semicolon = part.IndexOf(';');
                if ((semicolon < 0 ? part : part[..semicolon]) is "." or "..")
                {
                    return "the path has a dot segment";
                }
            }
            if (decoded.Contains('\\') || decoded.AsSpan().ContainsAnyInRange('\0', '\x1F') || decoded.Contains('\x7F'))
            {
                return "the path has an encoded control character or backslash";
            }
            decoded = Uri.UnescapeDataString(decoded);
        }
        return null;
    }
}
