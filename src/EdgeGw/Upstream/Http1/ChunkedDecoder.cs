namespace EdgeGw.Upstream.Http1;

/// <summary>Undoes chunked transfer coding (RFC 9112 section 7.1) in place, from pieces cut anywhere.</summary>
/// <remarks>
/// Strict where leniency lets answers be smuggled: lines end in CRLF only, also inside extensions, and sizes are plain hex. What is not
/// payload is bounded: a size by 15 digits, extensions and trailers by <see cref="MaxOverhead"/> each for the whole answer.
/// </remarks>
internal struct ChunkedDecoder
{
    /// <summary>Bytes of chunk extensions, and bytes of trailers, that one answer may have.</summary>
    public const int MaxOverhead = 16 * 1024;

    private const int MaxSizeDigits = 15;

    private State _state;
    private int _digits;
    private int _overhead;
    private int _trailerOverhead;
    private bool _trailerName;
    private long _left;

    private enum State : byte
    {
        Size,
        Extension,
        SizeLineFeed,
        Data,
        DataCarriageReturn,
        DataLineFeed,
        TrailerStart,
        Trailer,
        TrailerLineFeed,
        EndLineFeed,
        Done,
        Broken,
    }

    /// <summary>The last chunk and the trailers have been read.</summary>
    public readonly bool IsDone => _state == State.Done;

    /// <summary>Decodes into the front of <paramref name="buffer"/> itself.</summary>
    /// <param name="consumed">Bytes read; what lies beyond, once done, is not part of this answer.</param>
    /// <param name="written">Bytes of payload now at the front.</param>
    /// <returns>False when the coding is broken; it stays so.</returns>
    public bool TryDecode(Span<byte> buffer, out int consumed, out int written)
    {
        var read = 0;
        written = 0;
        while (read < buffer.Length && _state < State.Done)
        {
            if (_state == State.Data)
            {
                var length = (int)Math.Min(_left, buffer.Length - read);
                if (read != written)
                {
                    buffer.Slice(read, length).CopyTo(buffer[written..]);
                }
                read += length;
                written += length;
                _left -= length;
                if (_left == 0)
                {
                    _state = State.DataCarriageReturn;
                }
            }
            else if (_state == State.Extension)
            {
                read += SkipExtension(buffer[read..]);
            }
            else
            {
                Step(buffer[read++]);
            }
        }
        consumed = read;
        return _state != State.Broken;
    }

    private int SkipExtension(ReadOnlySpan<byte> rest)
    {
        var length = rest.IndexOfAny(Http1Grammar.NotFieldValue);
        if (length < 0)
        {
            length = rest.Length;
        }
        else
        {
            _state = rest[length] == '\r' ? State.SizeLineFeed : State.Broken;
            length++;
        }
        _overhead += length;
        if (_overhead > MaxOverhead)
        {
            _state = State.Broken;
        }
        return length;
    }

    private void Step(byte b) => _state = _state switch
    {
        State.Size => SizeByte(b),
        State.SizeLineFeed when b == '\n' => AfterSize(),
        State.DataCarriageReturn when b == '\r' => State.DataLineFeed,
        State.DataLineFeed when b == '\n' => State.Size,
        State.TrailerStart when b == '\r' => State.EndLineFeed,
        State.TrailerStart or State.Trailer => TrailerByte(b),
        State.TrailerLineFeed when b == '\n' => State.TrailerStart,
        State.EndLineFeed when b == '\n' => State.Done,
        _ => State.Broken,
    };

    private State SizeByte(byte b)
    {
        var digit = HexDigit(b);
        if (digit >= 0)
        {
            _left = _left << 4 | (long)digit;
            return ++_digits > MaxSizeDigits ? State.Broken : State.Size;
        }
        if (_digits == 0)
        {
            return State.Broken;
        }
        // White space before ";" is bad form, but written by old servers and harmless (RFC 9112, "BWS").
        return b switch
        {
            (byte)'\r' => State.SizeLineFeed,
            (byte)';' or (byte)' ' or (byte)'\t' => State.Extension,
            _ => State.Broken,
        };
    }

    private State AfterSize()
    {
        _digits = 0;
        return _left == 0 ? State.TrailerStart : State.Data;
    }

    private State TrailerByte(byte b)
    {
        if (++_trailerOverhead > MaxOverhead)
        {
            return State.Broken;
        }
        if (_state == State.TrailerStart)
        {
            _trailerName = true;
            return Http1Grammar.IsToken(b) ? State.Trailer : State.Broken;
        }
        if (_trailerName)
        {
            _trailerName = b != ':';
            return b == ':' || Http1Grammar.IsToken(b) ? State.Trailer : State.Broken;
        }
        return b == '\r' ? State.TrailerLineFeed : Http1Grammar.IsFieldValue(b) ? State.Trailer : State.Broken;
    }

    private static int HexDigit(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };
}
