namespace EdgeGw.Upstream.Http1;

/// <summary>Finds where an answer's head ends, as its bytes arrive, and notices early what cannot become one.</summary>
internal struct HeadScanner
{
    private int _lineStart;

    /// <summary>Looks at the head so far, always given from its first byte.</summary>
    /// <returns>The head's length with its empty line; 0: more is needed; -1: these bytes are no HTTP/1 head.</returns>
    public int Scan(ReadOnlySpan<byte> head)
    {
        // Told at once, not when the first line ends or the timer fires: a TLS alert or an SSH banner may never send a line.
        var prefix = "HTTP/1."u8;
        var seen = Math.Min(prefix.Length, head.Length);
        if (!head[..seen].SequenceEqual(prefix[..seen]))
        {
            return -1;
        }
        while (true)
        {
            var offset = head[_lineStart..].IndexOf((byte)'\n');
            if (offset < 0)
            {
                return 0;
            }
            if (offset == 0 || head[_lineStart + offset - 1] != '\r')
            {
                return -1;
            }
            _lineStart += offset + 1;
            if (offset == 1)
            {
                return _lineStart;
            }
        }
    }
}
