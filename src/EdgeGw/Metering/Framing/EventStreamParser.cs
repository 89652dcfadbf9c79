using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace EdgeGw.Metering.Framing;

/// <summary>Incremental parser of <c>application/vnd.amazon.eventstream</c>, fed in pieces cut at any byte.</summary>
/// <remarks>
/// A frame: total length, header length, CRC-32 of those eight bytes; headers; payload; CRC-32 of all before. Payloads are passed on as slices of
/// the pieces, so a frame of any size costs no memory. A bad checksum at the end spoils one frame; a bad one in front of it takes away where the next
/// frame begins, and reading stops.
/// </remarks>
internal struct EventStreamParser<THandler>
    where THandler : struct, IEventStreamHandler
{
    /// <summary>How many bytes of an event's name are kept.</summary>
    public const int MaxName = 64;

    private const int PreludeLength = 12;
    private const int TrailerLength = 4;

    /// <summary>The format's own limit.</summary>
    private const uint MaxHeaders = 128 << 10;

    private State _state;
    private Prelude _prelude;
    private EventStreamHeaders _headers;
    private uint _left;
    private uint _payload;
    private int _have;
    private uint _crc;
    private uint _trailer;

    private enum State : byte
    {
        Prelude,
        Headers,
        Payload,
        Trailer,
        Lost,
    }

    /// <summary>The frames' boundaries are lost: nothing more can be read.</summary>
    public readonly bool IsLost => _state == State.Lost;

    /// <summary>The input ended behind a whole frame.</summary>
    public readonly bool IsAtBoundary => _state == State.Prelude && _have == 0;

    public void Reset()
    {
        _state = State.Prelude;
        _have = 0;
    }

    public void Write(ReadOnlySpan<byte> data, ref THandler handler)
    {
        while (!data.IsEmpty)
        {
            switch (_state)
            {
                case State.Prelude:
                    var take = Math.Min(data.Length, PreludeLength - _have);
                    data[..take].CopyTo(((Span<byte>)_prelude)[_have..]);
                    _have += take;
                    data = data[take..];
                    if (_have == PreludeLength)
                    {
                        BeginFrame(ref handler);
                    }
                    break;
                case State.Headers:
                    var headers = Take(ref data);
                    _headers.Write(headers);
                    if (_left == 0)
                    {
                        BeginPayload(ref handler);
                    }
                    break;
                case State.Payload:
                    handler.OnPayload(Take(ref data));
                    if (_left == 0)
                    {
                        BeginTrailer();
                    }
                    break;
                case State.Trailer:
                    _trailer = _trailer << 8 | data[0];
                    data = data[1..];
                    if (++_have == TrailerLength)
                    {
                        Reset();
                        handler.OnFrameEnd(_headers.Name, _headers.IsException, _trailer == _crc);
                    }
                    break;
                default:
                    return;
            }
        }
    }

    private ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> data)
    {
        var piece = data[..(int)Math.Min((uint)data.Length, _left)];
        data = data[piece.Length..];
        _left -= (uint)piece.Length;
        _crc = Crc32.Append(_crc, piece);
        return piece;
    }

    private void BeginFrame(ref THandler handler)
    {
        ReadOnlySpan<byte> prelude = _prelude;
        var total = BinaryPrimitives.ReadUInt32BigEndian(prelude);
        var headers = BinaryPrimitives.ReadUInt32BigEndian(prelude[4..]);
        _crc = Crc32.Append(0, prelude[..8]);
        if (_crc != BinaryPrimitives.ReadUInt32BigEndian(prelude[8..]) || headers > MaxHeaders || total < PreludeLength + headers + TrailerLength)
        {
            _state = State.Lost;
            return;
        }
        _crc = Crc32.Append(_crc, prelude[8..]);
        _headers.Reset();
        _left = headers;
        _payload = total - PreludeLength - headers - TrailerLength;
        _state = State.Headers;
        if (headers == 0)
        {
            BeginPayload(ref handler);
        }
    }

    private void BeginPayload(ref THandler handler)
    {
        handler.OnFrameStart(_headers.Name);
        _left = _payload;
        _state = State.Payload;
        if (_left == 0)
        {
            BeginTrailer();
        }
    }

    private void BeginTrailer()
    {
        _state = State.Trailer;
        _have = 0;
        _trailer = 0;
    }

    [InlineArray(PreludeLength)]
    private struct Prelude
    {
        private byte _first;
    }
}
