namespace EdgeGw.LoadTests.Client;

/// <summary>Follows an answer's body by its length or its chunked coding, and counts payload bytes and lines.</summary>
/// <remarks>Two line feeds are one server-sent event: the fake provider's JSON has none inside.</remarks>
internal struct BodyDecoder
{
    private long _left;
    private State _state;
    private int _line;

    private enum State : byte
    {
        Fixed,
        Size,
        SizeLine,
        Data,
        DataEnd,
        Trailer,
        Done,
    }

    public readonly bool IsDone => _state == State.Done;

    public long PayloadBytes { get; private set; }

    public int LineFeeds { get; private set; }

    /// <param name="length">The announced length; negative: chunked coding.</param>
    public void Start(long length)
    {
        PayloadBytes = 0;
        LineFeeds = 0;
        _line = 0;
        _left = Math.Max(0, length);
        _state = length < 0 ? State.Size : length == 0 ? State.Done : State.Fixed;
    }

    /// <returns>Bytes taken.</returns>
    public int Feed(ReadOnlySpan<byte> data)
    {
        var at = 0;
        while (at < data.Length && _state != State.Done)
        {
            if (_state is State.Fixed or State.Data)
            {
                var piece = data.Slice(at, (int)Math.Min(_left, data.Length - at));
                PayloadBytes += piece.Length;
                LineFeeds += piece.Count((byte)'\n');
                at += piece.Length;
                _left -= piece.Length;
                if (_left == 0)
                {
                    _state = _state == State.Fixed ? State.Done : State.DataEnd;
                }
            }
            else
            {
                Step(data[at++]);
            }
        }
        return at;
    }

    private void Step(byte b)
    {
        switch (_state)
        {
            case State.Size when b is (byte)'\r' or (byte)';':
                _state = State.SizeLine;
                break;
            case State.Size:
                _left = _left * 16 + (b <= '9' ? b - '0' : (b | 0x20) - 'a' + 10);
                break;
            case State.SizeLine when b == '\n':
                _state = _left == 0 ? State.Trailer : State.Data;
                break;
            case State.DataEnd when b == '\n':
                _state = State.Size;
                break;
            case State.Trailer when b == '\n':
                _state = _line == 0 ? State.Done : State.Trailer;
                _line = 0;
                break;
            case State.Trailer when b != '\r':
                _line++;
                break;
        }
    }
}
