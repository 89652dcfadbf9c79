using System.Buffers;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Requests;

/// <summary>A request's body, whole and in one piece: the model may stand at its very end, and a retry needs it again.</summary>
/// <remarks>Not thread-safe; reused by its request. The memory is pooled and is dropped, not returned, when its reader may still be running.</remarks>
internal sealed class RequestBody
{
    private const int FirstGuess = 16 * 1024;

    /// <summary>Growing step by step to twice the size copies a body once more on average.</summary>
    private const long Trust = 8;

    private byte[] _buffer = [];
    private int _length;

    /// <summary>Empty once released.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.Length == 0 ? default : _buffer.AsMemory(0, _length);

    /// <summary>How many bytes were read, also after they were released.</summary>
    public int Length => _length;

    /// <summary>Reads to the end, or to one byte past <paramref name="limit"/>.</summary>
    /// <returns>False when the body is larger than the limit.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadAsync(HttpRequest request, long limit, CancellationToken cancellation)
    {
        if (request.ContentLength > limit)
        {
            return false;
        }
        // The server's own bound, which it got at start.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bound && bound.MaxRequestBodySize != limit)
        {
            bound.MaxRequestBodySize = limit;
        }
        var reader = request.BodyReader;
        while (true)
        {
            // Mostly the body came with the head: asking for what is there costs half of a read that may wait.
            if (!reader.TryRead(out var read))
            {
                read = await reader.ReadAsync(cancellation);
            }
            if (_length + read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.End);
                return false;
            }
            if (!read.Buffer.IsEmpty)
            {
                Append(read.Buffer, request.ContentLength);
            }
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return true;
            }
        }
    }

    public void Release()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
        Drop();
    }

    public void Drop() => _buffer = [];

    /// <summary>Ready for the next request.</summary>
    public void Clear()
    {
        Release();
        _length = 0;
    }

    private void Append(in ReadOnlySequence<byte> piece, long? announced)
    {
        var needed = checked(_length + (int)piece.Length);
        if (needed > _buffer.Length)
        {
            // The announced length is only believed as far as eight times what is here: a header alone must not reserve memory.
            var wanted = announced is { } total && total <= Math.Max(FirstGuess, needed * Trust) ? Math.Max(total, needed) : Math.Max(FirstGuess, needed * 2L);
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(wanted, Array.MaxLength));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            if (_buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
            }
            _buffer = larger;
        }
        piece.CopyTo(_buffer.AsSpan(_length));
        _length = needed;
    }
}
