namespace EdgeGw.LoadTests.Lab;

/// <summary>What callers speak.</summary>
internal enum ClientSide
{
    /// <summary>HTTP/1.1 in plain text.</summary>
    Plain,

    /// <summary>HTTP/1.1 over TLS.</summary>
    Tls,

    /// <summary>HTTP/2 over TLS.</summary>
    Http2,
}
