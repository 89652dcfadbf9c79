using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Client;

/// <summary>One kept HTTP/1.1 connection with blocking calls: a send, then receives until the answer has ended. No allocation per request.</summary>
internal sealed class LabConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];
    private BodyDecoder _body;

    public LabConnection(IPEndPoint to)
    {
        _socket.ReceiveTimeout = 30_000;
        _socket.Connect(to);
    }

    /// <summary>The payload of the last answer, when it came unstreamed and whole in the buffer; for the lab's own control calls.</summary>
    public string LastText { get; private set; } = "";

    /// <summary>Sends the request and reads its answer.</summary>
    /// <param name="gaps">Takes the times of a stream's events as they arrive; null for unstreamed answers.</param>
    /// <exception cref="SocketException">The connection failed.</exception>
    /// <exception cref="InvalidDataException">The answer is not what HTTP/1.1 allows, or ended early.</exception>
    public Answer Exchange(ReadOnlySpan<byte> request, EventTimes? gaps, bool keepText = false)
    {
        var answer = new Answer { Sent = Clock.Now };
        while (!request.IsEmpty)
        {
            request = request[_socket.Send(request)..];
        }
        var filled = 0;
        var headEnd = -1;
        while (true)
        {
            if (filled == _buffer.Length)
            {
                throw new InvalidDataException("the answer's head, or text that is to be kept, is larger than the buffer");
            }
            var received = _socket.Receive(_buffer.AsSpan(filled));
            var now = Clock.Now;
            if (received == 0)
            {
                throw new InvalidDataException("the connection ended before the answer did");
            }
            var payload = _buffer.AsSpan(filled, received);
            filled += received;
            if (headEnd < 0)
            {
                answer.FirstByte = answer.FirstByte == 0 ? now : answer.FirstByte;
                headEnd = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
                if (headEnd < 0)
                {
                    continue;
                }
                headEnd += 4;
                answer.Status = StatusOf(_buffer);
                _body.Start(LengthOf(_buffer.AsSpan(0, headEnd)));
                payload = _buffer.AsSpan(headEnd, filled - headEnd);
            }
            var taken = _body.Feed(payload);
            gaps?.Arrived(_body.LineFeeds / 2, now);
            if (_body.IsDone)
            {
                answer.Ended = now;
                answer.Bytes = _body.PayloadBytes;
                answer.Events = _body.LineFeeds / 2;
                if (taken != payload.Length)
                {
                    throw new InvalidDataException("bytes behind the answer's end");
                }
                if (keepText)
                {
                    LastText = Encoding.UTF8.GetString(_buffer, headEnd, filled - headEnd);
                }
                return answer;
            }
            filled = keepText ? filled : headEnd;
        }
    }

    public void Dispose() => _socket.Dispose();

    private static int StatusOf(ReadOnlySpan<byte> head) =>
        head.StartsWith("HTTP/1.1 "u8) && Utf8Parser.TryParse(head.Slice(9, 3), out int status, out _)
            ? status
            : throw new InvalidDataException("the answer is not HTTP/1.1");

    /// <returns>The announced length; negative: chunked coding.</returns>
    private static long LengthOf(ReadOnlySpan<byte> head)
    {
        while (head.IndexOf((byte)'\n') is >= 0 and var end)
        {
            head = head[(end + 1)..];
            if (Starts(head, "content-length:"u8) && Utf8Parser.TryParse(head[15..].TrimStart((byte)' '), out long length, out _))
            {
                return length;
            }
            if (Starts(head, "transfer-encoding:"u8))
            {
                return -1;
            }
        }
        throw new InvalidDataException("the answer has neither a length nor chunked coding");
    }

    private static bool Starts(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name);
}
