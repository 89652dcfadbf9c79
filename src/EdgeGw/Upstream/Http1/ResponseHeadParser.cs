namespace EdgeGw.Upstream.Http1;

/// <summary>Reads a whole answer head, strictly: whatever two parsers could read in two ways is refused (RFC 9112).</summary>
internal static class ResponseHeadParser
{
    private const int MaxFields = 256;

    /// <param name="bytes">The head with its empty line, as <see cref="HeadScanner"/> found it: each line ends in CRLF.</param>
    /// <param name="toHead">The answer is to a HEAD request and has no body.</param>
    /// <param name="head">Filled; whatever was in it is gone, but for lines that stand where they stood in its last head.</param>
    /// <returns>What is wrong; null when the head is good.</returns>
    public static string? Parse(ReadOnlySpan<byte> bytes, bool toHead, ResponseHead head)
    {
        var before = head.Last.Bytes;
        if (toHead == head.ToHead && before.SequenceEqual(bytes))
        {
            return null;
        }
        // Good again only when this head is: the fields of both stand in one list.
        head.Last.Forget();
        if (ParseLines(bytes, before, toHead, head) is { } fault)
        {
            return fault;
        }
        head.ToHead = toHead;
        head.Last.Keep(bytes);
        return null;
    }

    private static string? ParseLines(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> before, bool toHead, ResponseHead head)
    {
        head.Clear();
        if (!TryReadStatusLine(CutLine(ref bytes)[..^2], head, out var minor))
        {
            return "malformed status line";
        }
        CutLine(ref before);
        var fields = new Fields { KeepAlive = minor == 1 };
        while (bytes.Length > 2)
        {
            // What equals a line with its end is one, without looking for that end.
            var line = CutLine(ref before);
            var again = !line.IsEmpty && bytes.StartsWith(line);
            if (again)
            {
                bytes = bytes[line.Length..];
            }
            if ((again ? NoteAgain(head, ref fields) : ReadField(CutLine(ref bytes)[..^2], head, ref fields)) is { } fault)
            {
                return fault;
            }
        }
        return Frame(head, fields, minor, toHead);
    }

    /// <summary>Takes the first line off, with its end; empty: none left.</summary>
    private static ReadOnlySpan<byte> CutLine(ref ReadOnlySpan<byte> bytes)
    {
        var length = bytes.IndexOf((byte)'\n') + 1;
        var line = bytes[..length];
        bytes = bytes[length..];
        return line;
    }

    private static string? NoteAgain(ResponseHead head, ref Fields fields)
    {
        ref readonly var field = ref head.Headers.AddAgain();
        return fields.Note(field.Key, field.Value, head);
    }

    private static bool TryReadStatusLine(ReadOnlySpan<byte> line, ResponseHead head, out int minor)
    {
        minor = 0;
        if (line.Length < 12 || line[7] is not ((byte)'0' or (byte)'1') || line[8] != ' ')
        {
            return false;
        }
        minor = line[7] - '0';
        for (var i = 9; i < 12; i++)
        {
            if (!char.IsAsciiDigit((char)line[i]))
            {
                return false;
            }
            head.Status = head.Status * 10 + line[i] - '0';
        }
        // The space before an empty reason is left out by some servers; nothing can be misread for it.
        return head.Status is >= 100 and <= 599 && (line.Length == 12 || line[12] == ' ') && !line[12..].ContainsAny(Http1Grammar.NotFieldValue);
    }

    private static string? ReadField(ReadOnlySpan<byte> line, ResponseHead head, ref Fields fields)
    {
        if (head.Headers.Count == MaxFields)
        {
            return "too many header fields";
        }
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(Http1Grammar.Token))
        {
            return line.Length > 0 && line[0] is (byte)' ' or (byte)'\t' ? "folded header line" : "malformed header name";
        }
        var value = line[(colon + 1)..].Trim(" \t"u8);
        if (value.ContainsAny(Http1Grammar.NotFieldValue))
        {
            return "control character in a header value";
        }
        ref readonly var field = ref head.Headers.Add(line[..colon], value);
        return fields.Note(field.Key, field.Value, head);
    }

    private static string? Frame(ResponseHead head, in Fields fields, int minor, bool toHead)
    {
        head.KeepAlive = fields.KeepAlive;
        if (fields.Chunked && fields.Length >= 0)
        {
            return "both Content-Length and Transfer-Encoding";
        }
        if (fields.Chunked && minor == 0)
        {
            return "Transfer-Encoding in HTTP/1.0";
        }
        if (toHead || head.Status is 204 or 304 or < 200)
        {
            // A body where none may be would be read as the next answer: such a connection is not used again.
            head.KeepAlive &= toHead || head.Status == 304 || (!fields.Chunked && fields.Length <= 0);
            head.Framing = BodyFraming.None;
        }
        else if (fields.Chunked)
        {
            head.Framing = BodyFraming.Chunked;
        }
        else if (fields.Length >= 0)
        {
            head.Framing = BodyFraming.Length;
            head.Length = fields.Length;
        }
        else
        {
            head.Framing = BodyFraming.UntilClose;
            head.KeepAlive = false;
        }
        return null;
    }

    /// <summary>The fields that decide framing and reuse.</summary>
    private struct Fields
    {
        public long Length = -1;
        public bool Chunked;
        public bool KeepAlive;

        public Fields()
        {
        }

        public string? Note(string name, string value, ResponseHead head) => name.Length switch
        {
            14 when Is(name, "Content-Length") => NoteLength(value),
            17 when Is(name, "Transfer-Encoding") => NoteTransferEncoding(value),
            10 when Is(name, "Connection") => NoteConnection(value),
            10 when Is(name, "Keep-Alive") => NoteKeepAlive(value, head),
            _ => null,
        };

        private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

        private string? NoteLength(string value)
        {
            if (value.Length is 0 or > 18 || value.AsSpan().ContainsAnyExceptInRange('0', '9'))
            {
                return "malformed Content-Length";
            }
            var length = long.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
            if (Length >= 0 && Length != length)
            {
                return "two different Content-Length fields";
            }
            Length = length;
            return null;
        }

        private string? NoteTransferEncoding(string value)
        {
            if (Chunked || !value.Equals("chunked", StringComparison.OrdinalIgnoreCase))
            {
                return "Transfer-Encoding other than chunked";
            }
            Chunked = true;
            return null;
        }

        private string? NoteConnection(ReadOnlySpan<char> value)
        {
            while (!value.IsEmpty)
            {
                var comma = value.IndexOf(',');
                KeepAlive &= !(comma < 0 ? value : value[..comma]).Trim().Equals("close", StringComparison.OrdinalIgnoreCase);
                value = comma < 0 ? default : value[(comma + 1)..];
            }
            return null;
        }

        private static string? NoteKeepAlive(ReadOnlySpan<char> value, ResponseHead head)
        {
            const string Timeout = "timeout=";
            foreach (var range in value.Split(','))
            {
                var item = value[range].Trim();
                if (item.StartsWith(Timeout, StringComparison.OrdinalIgnoreCase) && int.TryParse(item[Timeout.Length..], out var seconds))
                {
                    head.KeepAliveSeconds = Math.Clamp(seconds, 1, 3600);
                }
            }
            return null;
        }
    }
}
