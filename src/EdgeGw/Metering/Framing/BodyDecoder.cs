using System.Buffers;
using System.IO.Compression;

namespace EdgeGw.Metering.Framing;

/// <summary>Inflates a copy of a compressed body for the meter, piece by piece, while the bytes themselves pass on untouched.</summary>
/// <remarks>
/// What comes out is bounded: a piece that inflates beyond <see cref="MaxBurst"/>, or a body beyond <see cref="MaxRatio"/> times its size, is
/// no answer but an attack on the node's CPU, and decoding stops for good.
/// </remarks>
internal sealed class BodyDecoder : IDisposable
{
    public const int MaxBurst = 16 << 20;
    public const int MaxRatio = 100;

    /// <summary>Output below which the ratio is not looked at: short highly repetitive bodies do exceed it.</summary>
    public const int RatioFloor = 1 << 20;

    private const int ChunkLength = 16 << 10;

    private readonly FeedStream? _feed;
    private readonly bool _zlibOrRaw;
    private Stream? _inflater;
    private BrotliDecoder _brotli;
    private long _read;
    private long _written;

    private BodyDecoder(FeedStream? feed, Stream? inflater)
    {
        _feed = feed;
        _inflater = inflater;
        _zlibOrRaw = feed is not null && inflater is null;
    }

    /// <summary>The body cannot be read any further: corrupt, or beyond the bounds.</summary>
    public bool Failed { get; private set; }

    /// <returns>False when the coding is not one of gzip, deflate, br.</returns>
    public static bool TryCreate(ReadOnlySpan<char> encoding, out BodyDecoder? decoder)
    {
        encoding = encoding.Trim();
        decoder = null;
        if (encoding.IsEmpty || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }
        if (encoding.Equals("br", StringComparison.OrdinalIgnoreCase))
        {
            decoder = new BodyDecoder(null, null);
            return true;
        }
        if (encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase) || encoding.Equals("x-gzip", StringComparison.OrdinalIgnoreCase))
        {
            var feed = new FeedStream();
            decoder = new BodyDecoder(feed, new GZipStream(feed, CompressionMode.Decompress));
            return true;
        }
        if (encoding.Equals("deflate", StringComparison.OrdinalIgnoreCase))
        {
            decoder = new BodyDecoder(new FeedStream(), null);
            return true;
        }
        return false;
    }

    /// <summary>Decodes one piece of the body and hands what comes out to <paramref name="output"/>.</summary>
    public void Write<TState>(ReadOnlySpan<byte> input, TState state, ReadOnlySpanAction<byte, TState> output)
    {
        if (Failed || input.IsEmpty)
        {
            return;
        }
        _read += input.Length;
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            Failed = !(_feed is null ? Brotli(input, chunk, state, output) : Inflate(input, chunk, state, output));
        }
        catch (InvalidDataException)
        {
            Failed = true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    public void Dispose()
    {
        _inflater?.Dispose();
        _feed?.Dispose();
        _brotli.Dispose();
    }

    private bool Inflate<TState>(ReadOnlySpan<byte> input, byte[] chunk, TState state, ReadOnlySpanAction<byte, TState> output)
    {
        if (_zlibOrRaw && _inflater is null)
        {
            // RFC 9110, 8.4.1.2: "deflate" is the zlib format, but some servers send the raw one. CM = 8 in the first byte tells.
            _inflater = (input[0] & 0x8F) == 0x08
                ? new ZLibStream(_feed!, CompressionMode.Decompress)
                : new DeflateStream(_feed!, CompressionMode.Decompress);
        }
        long burst = 0;
        while (!input.IsEmpty)
        {
            input = input[_feed!.Fill(input)..];
            for (int n; (n = _inflater!.Read(chunk, 0, chunk.Length)) > 0;)
            {
                output(chunk.AsSpan(0, n), state);
                if (!Within(n, ref burst))
                {
                    return false;
                }
            }
        }
        return true;
    }

    private bool Brotli<TState>(ReadOnlySpan<byte> input, byte[] chunk, TState state, ReadOnlySpanAction<byte, TState> output)
    {
        long burst = 0;
        while (true)
        {
            var status = _brotli.Decompress(input, chunk, out var consumed, out var written);
            input = input[consumed..];
            if (written > 0)
            {
                output(chunk.AsSpan(0, written), state);
                if (!Within(written, ref burst))
                {
                    return false;
                }
            }
            switch (status)
            {
                case OperationStatus.NeedMoreData or OperationStatus.Done:
                    return true;
                case OperationStatus.InvalidData:
                    return false;
            }
        }
    }

    private bool Within(int count, ref long burst)
    {
        burst += count;
        _written += count;
        return burst <= MaxBurst && (_written <= RatioFloor || _written <= _read * MaxRatio);
    }

    /// <summary>The compressed side of the inflater: holds one slice, then says "nothing now", which the inflaters do not take for the end.</summary>
    private sealed class FeedStream : Stream
    {
        private readonly byte[] _buffer = new byte[4096];
        private int _start;
        private int _end;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        /// <summary>Takes as much of <paramref name="input"/> as fits; what was there must have been read.</summary>
        public int Fill(ReadOnlySpan<byte> input)
        {
            if (_start == _end)
            {
                _start = _end = 0;
            }
            var count = Math.Min(input.Length, _buffer.Length - _end);
            input[..count].CopyTo(_buffer.AsSpan(_end));
            _end += count;
            return count == 0 && !input.IsEmpty ? throw new InvalidDataException() : count;
        }

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, _end - _start);
            _buffer.AsSpan(_start, count).CopyTo(buffer);
            _start += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
