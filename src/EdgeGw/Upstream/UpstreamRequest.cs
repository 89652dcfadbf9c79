using EdgeGw.Configuration;
using EdgeGw.Upstream.Http1;

namespace EdgeGw.Upstream;

/// <summary>One request to a provider, built from parsed parts: no byte of the caller's head is copied as it came.</summary>
public sealed class UpstreamRequest
{
    /// <param name="spare">One that nobody uses any more: this one takes over its lists, and its head as it was written.</param>
    public UpstreamRequest(UpstreamRequest? spare = null)
    {
        Headers = spare?.Headers ?? new(16);
        Body = spare?.Body ?? new(4);
        Head = spare?.Head ?? new();
        Clear();
    }

    /// <summary>Scheme, host and port only.</summary>
    public required Uri Origin { get; init; }

    public required string Method { get; init; }

    /// <summary>Path and query as they stand on the request line, already percent-encoded.</summary>
    public required string Target { get; init; }

    /// <summary>Spoken over HTTP/2 (the provider's <c>http2</c> option); otherwise HTTP/1.1.</summary>
    public bool Http2 { get; init; }

    /// <summary>Refuses to connect when the name resolves to a loopback, private or link-local address: set for hosts that no operator wrote down.</summary>
    public bool PublicAddressOnly { get; init; }

    /// <summary>How long to wait for the answer; null: as the transport's options say.</summary>
    public TimeoutConfig? Timeouts { get; set; }

    /// <summary>End-to-end headers. The transport adds <c>Host</c> and framing itself.</summary>
    public List<KeyValuePair<string, string>> Headers { get; }

    /// <summary>The body's pieces in order; empty: no body. Valid until the response head has been read.</summary>
    public List<ReadOnlyMemory<byte>> Body { get; }

    public long BodyLength
    {
        get
        {
            long length = 0;
            foreach (var piece in Body)
            {
                length += piece.Length;
            }
            return length;
        }
    }

    /// <summary>The head as HTTP/1.1 sends it.</summary>
    internal RequestHead Head { get; }

    /// <summary>Lets go of the headers and the body.</summary>
    public void Clear()
    {
        Head.Trim();
        Headers.Clear();
        Body.Clear();
    }
}
