using System.Buffers;
using System.IO.Pipelines;

namespace EdgeGw.Requests;

/// <summary>Chunked coding with trailers for HTTP/1.1 answers (RFC 9112, 7.1): the server itself sends trailers only on HTTP/2.</summary>
/// <remarks>Used after the answer's <c>Transfer-Encoding: chunked</c> was set by us, which makes the framing ours.</remarks>
public static class ChunkedTrailerBody
{
    private const int MaxSizeLine = 18;

    public static void WriteChunk(PipeWriter output, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return; // A chunk of size zero would end the body.
        }
        var span = output.GetSpan(MaxSizeLine);
        _ = data.Length.TryFormat(span, out var digits, "x");
        span[digits] = (byte)'\r';
        span[digits + 1] = (byte)'\n';
        output.Advance(digits + 2);
        output.Write(data);
        output.Write("\r\n"u8);
    }

    /// <summary>Ends the body. Without this call the caller sees a truncated answer, which is what a broken-off one must look like.</summary>
    /// <param name="trailers">Whole lines.</param>
    public static void WriteEnd(PipeWriter output, ReadOnlySpan<byte> trailers)
    {
        output.Write("0\r\n"u8);
        output.Write(trailers);
        output.Write("\r\n"u8);
    }
}
