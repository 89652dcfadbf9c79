using System.Net;

namespace EdgeGw.Upstream.Http2;

/// <summary>A request body in pieces, written as they stand.</summary>
internal sealed class PiecesContent(List<ReadOnlyMemory<byte>> pieces, long length) : HttpContent
{
    /// <summary>The running or finished upload; null: not begun.</summary>
    public Task? Sending { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        Sending = WriteAsync(stream, cancellationToken);

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }

    private async Task WriteAsync(Stream stream, CancellationToken cancellation)
    {
        foreach (var piece in pieces)
        {
            await stream.WriteAsync(piece, cancellation);
        }
        await stream.FlushAsync(cancellation);
    }
}
