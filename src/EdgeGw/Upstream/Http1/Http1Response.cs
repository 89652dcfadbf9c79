using System.Runtime.CompilerServices;

namespace EdgeGw.Upstream.Http1;

/// <summary>An answer being read from a connection, which it owns until disposed.</summary>
internal sealed class Http1Response(Http1Connection connection, ResponseHead head, Http1Clock clock, long totalDeadline, bool reusable) : UpstreamResponse
{
    private const int Reading = 0;
    private const int Aborted = 1;
    private const int Disposed = 2;

    private ChunkedDecoder _chunks;
    private long _left = head.Framing == BodyFraming.Length ? head.Length : 0;
    private bool _ended = head.Framing == BodyFraming.None || (head.Framing == BodyFraming.Length && head.Length == 0);
    private UpstreamError _failure;
    private string? _detail;
    private int _handedOut;
    private int _state;

    public override int Status => head.Status;

    public override IReadOnlyList<KeyValuePair<string, string>> Headers => head.Headers;

    public override ReadOnlySpan<KeyValuePair<string, string>> HeaderSpan => head.Headers.Span;

    public override ValueTask<UpstreamRead> ReadAsync(CancellationToken cancellation)
    {
        if (_state != Reading)
        {
            return ValueTask.FromResult(new UpstreamRead(default, false, UpstreamError.Cancelled));
        }
        connection.Consume(_handedOut);
        _handedOut = 0;
        return TryTake(out var read) ? ValueTask.FromResult(read) : ReceiveAsync(cancellation);
    }

    public override void Abort()
    {
        if (Interlocked.CompareExchange(ref _state, Aborted, Reading) == Reading)
        {
            connection.Close();
        }
    }

    public override ValueTask DisposeAsync()
    {
        // Whoever gets here first, this or Abort, decides: a late Abort must not hit the connection's next request.
        if (Interlocked.CompareExchange(ref _state, Disposed, Reading) == Reading)
        {
            if (_ended && reusable && _failure == UpstreamError.None)
            {
                connection.Consume(_handedOut);
                connection.Pool.Return(connection, head.KeepAliveSeconds);
            }
            else
            {
                connection.Close();
            }
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>What can be said without receiving more.</summary>
    private bool TryTake(out UpstreamRead read)
    {
        if (_failure != UpstreamError.None)
        {
            read = new(default, false, _failure, _detail);
            return true;
        }
        if (_ended)
        {
            read = new(default, true, UpstreamError.None);
            return true;
        }
        var buffered = connection.Buffered;
        if (buffered.IsEmpty)
        {
            read = default;
            return false;
        }
        return head.Framing == BodyFraming.Chunked ? TryTakeChunks(buffered, out read) : TakePlain(buffered.Length, out read);
    }

    private bool TakePlain(int length, out UpstreamRead read)
    {
        if (head.Framing == BodyFraming.Length)
        {
            length = (int)Math.Min(length, _left);
            _left -= length;
            _ended = _left == 0;
        }
        _handedOut = length;
        read = new(connection.BufferedFront(length), false, UpstreamError.None);
        return true;
    }

    private bool TryTakeChunks(Span<byte> buffered, out UpstreamRead read)
    {
        var good = _chunks.TryDecode(buffered, out var consumed, out var written);
        if (!good)
        {
            // Payload before the fault is withheld too: bytes of a broken framing are not an answer.
            read = Fail(UpstreamError.Protocol, "broken chunked coding");
            return true;
        }
        _ended = _chunks.IsDone;
        if (written > 0)
        {
            // The payload now stands at the front of the coded bytes; all of them are consumed together at the next call.
            _handedOut = consumed;
            read = new(connection.BufferedFront(written), false, UpstreamError.None);
            return true;
        }
        connection.Consume(consumed);
        read = new(default, true, UpstreamError.None);
        return _ended;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<UpstreamRead> ReceiveAsync(CancellationToken cancellation)
    {
        while (true)
        {
            connection.MakeRoom(0);
            var now = clock.Now;
            if (now >= totalDeadline)
            {
                return Fail(UpstreamError.TotalTimeout, null);
            }
            int received;
            UpstreamError interruption;
            var idleDeadline = now + clock.Idle;
            var wait = connection.BeginWait(
                Math.Min(idleDeadline, totalDeadline), idleDeadline < totalDeadline ? UpstreamError.IdleTimeout : UpstreamError.TotalTimeout, cancellation);
            try
            {
                received = await connection.ReceiveAsync();
            }
            catch (Exception e) when (Http1Connection.IsTransportFailure(e))
            {
                received = -1;
                _detail = e.Message;
            }
            finally
            {
                interruption = connection.EndWait(wait);
            }
            if (interruption != UpstreamError.None)
            {
                return Fail(interruption, null);
            }
            if (received <= 0)
            {
                return AtEnd(received);
            }
            connection.Received(received);
            if (TryTake(out var read))
            {
                return read;
            }
        }
    }

    private UpstreamRead AtEnd(int received)
    {
        if (received == 0 && head.Framing == BodyFraming.UntilClose)
        {
            _ended = true;
            return new(default, true, UpstreamError.None);
        }
        return Fail(UpstreamError.Reset, received == 0 ? "the provider closed the connection before the answer's end" : _detail);
    }

    private UpstreamRead Fail(UpstreamError error, string? detail)
    {
        _failure = error;
        _detail = detail;
        connection.Close();
        return new(default, false, error, detail);
    }
}
