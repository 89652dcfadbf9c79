namespace EdgeGw.Upstream.Http1;

/// <summary>How the end of a body is told (RFC 9112 section 6.3).</summary>
internal enum BodyFraming : byte
{
    None,
    Length,
    Chunked,
    UntilClose,
}

/// <summary>An answer's status line and header fields, and what they say about body and connection. A connection's answers use one after the other.</summary>
internal sealed class ResponseHead
{
    public int Status { get; set; }
    public HeaderFields Headers { get; } = new();
    public BodyFraming Framing { get; set; }
    public long Length { get; set; }

    /// <summary>The provider keeps the connection open after this answer.</summary>
    public bool KeepAlive { get; set; }

    /// <summary>Seconds that the provider says it keeps an unused connection; 0: not said.</summary>
    public int KeepAliveSeconds { get; set; }

    /// <summary>The bytes that all of this was read from.</summary>
    public LastHead Last { get; } = new();

    /// <summary>It was read as the answer to a HEAD request.</summary>
    public bool ToHead { get; set; }

    /// <summary>Ready for the next answer.</summary>
    public void Clear()
    {
        Status = 0;
        Headers.Clear();
        Framing = BodyFraming.None;
        Length = 0;
        KeepAlive = false;
        KeepAliveSeconds = 0;
    }
}
