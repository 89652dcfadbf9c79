namespace EdgeGw.LoadTests.Client;

/// <summary>Reads one HTTP/1.1 answer after the other from the bytes of a connection, wherever those come from.</summary>
internal sealed class AnswerReader(int bufferBytes)
{
    private readonly byte[] _buffer = new byte[bufferBytes];
    private BodyDecoder _body;
    private int _filled;
    private int _headEnd;

    /// <summary>Where the next received bytes go.</summary>
    public Span<byte> Free => _filled < _buffer.Length
        ? _buffer.AsSpan(_filled)
        : throw new InvalidDataException("the answer's head, or text that is to be kept, is larger than the buffer");

    public int Status { get; private set; }

    public bool KeepsText { get; init; }

    public int Events => _body.LineFeeds / 2;

    public long Bytes => _body.PayloadBytes;

    /// <summary>The unchunked body, when text is kept.</summary>
    public ReadOnlySpan<byte> Text => _buffer.AsSpan(_headEnd, _filled - _headEnd);

    public void Begin()
    {
        _filled = 0;
        _headEnd = 0;
        Status = 0;
        _body = default;
    }

    /// <returns>True at the answer's end.</returns>
    /// <exception cref="InvalidDataException">It is not an answer, or there is something behind its end.</exception>
    public bool Received(int count)
    {
        var payload = _buffer.AsSpan(_filled, count);
        _filled += count;
        if (Status == 0)
        {
            _headEnd = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8) + 4;
            if (_headEnd < 4)
            {
                return false;
            }
            (Status, var length) = AnswerHead.Read(_buffer.AsSpan(0, _headEnd));
            _body.Start(length);
            payload = _buffer.AsSpan(_headEnd, _filled - _headEnd);
        }
        var taken = _body.Feed(payload);
        _filled = KeepsText ? _filled : _headEnd;
        if (!_body.IsDone)
        {
            return false;
        }
        return taken == payload.Length ? true : throw new InvalidDataException("bytes behind the answer's end");
    }
}
