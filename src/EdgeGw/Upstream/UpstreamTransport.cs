namespace EdgeGw.Upstream;

/// <summary>The seam to a provider's connection: send head and body, read head, read body, abort, return to pool.</summary>
/// <remarks>Failures are values; the only exceptions are programming errors. Timeouts are the transport's own business.</remarks>
public abstract class UpstreamTransport : IAsyncDisposable
{
    /// <summary>Sends the request and waits for the response head.</summary>
    public abstract ValueTask<UpstreamResult> SendAsync(UpstreamRequest request, CancellationToken cancellation);

    /// <summary>Closes unused connections to all other origins; those in use are closed when their answers end.</summary>
    /// <remarks>By default left to their idle lifetime.</remarks>
    public virtual void KeepOnly(IReadOnlySet<UpstreamOrigin> origins)
    {
    }

    public abstract ValueTask DisposeAsync();
}

/// <summary>A response head, or why there is none.</summary>
/// <param name="RequestSent">Some of the request may have reached the provider, so it may be running and billed.</param>
public readonly record struct UpstreamResult(UpstreamResponse? Response, UpstreamError Error, bool RequestSent, string? Detail = null);

/// <summary>An answer whose body is still to be read. One reader at a time.</summary>
public abstract class UpstreamResponse : IAsyncDisposable
{
    public abstract int Status { get; }

    /// <summary>Headers as received, hop-by-hop ones included, repeated names kept apart.</summary>
    public abstract IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary><see cref="Headers"/>, for those who look at each of them in every call.</summary>
    public abstract ReadOnlySpan<KeyValuePair<string, string>> HeaderSpan { get; }

    /// <summary>The next piece of the decoded body. The memory is valid until the next call.</summary>
    /// <remarks>Completes as soon as anything is there: nothing is held back to fill a buffer.</remarks>
    public abstract ValueTask<UpstreamRead> ReadAsync(CancellationToken cancellation);

    /// <summary>Drops the connection (HTTP/1.1) or resets the stream (HTTP/2), so that the provider notices.</summary>
    public abstract void Abort();

    /// <summary>Returns the connection to its pool when the body was read to its end; aborts otherwise.</summary>
    public abstract ValueTask DisposeAsync();
}

/// <summary>A piece of a body, its end, or an error. At the end <see cref="Data"/> is empty.</summary>
public readonly record struct UpstreamRead(ReadOnlyMemory<byte> Data, bool IsEnd, UpstreamError Error, string? Detail = null);
