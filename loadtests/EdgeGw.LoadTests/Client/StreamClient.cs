using System.Net.Sockets;
using EdgeGw.LoadTests.Measuring;
using EdgeGw.LoadTests.Net;

namespace EdgeGw.LoadTests.Client;

/// <summary>One stream of a swarm: sends its request when it is due, times every event, and may read slowly or hang up early.</summary>
internal sealed class StreamClient : ReactorSocket
{
    private const int BufferBytes = 8 * 1024;

    /// <summary>Not below loopback's segment size: else the kernels would wait for each other in fifths of a second.</summary>
    private const int SmallReceiveBuffer = 64 * 1024;

    private readonly Load _load;
    private readonly Tally _tally;
    private readonly EventTimes _times;
    private readonly AnswerReader _reader;
    private long _sent;

    private StreamClient(Load load, Reactor reactor, Tally tally, Socket socket)
        : base(reactor, socket)
    {
        _load = load;
        _tally = tally;
        _times = new EventTimes(tally.Gaps) { LateAfter = load.LateAfter };
        _reader = new AnswerReader(Math.Max(load.ReadBytes, BufferBytes));
    }

    /// <exception cref="SocketException">Nobody listens there, or has room.</exception>
    public static StreamClient Connect(Load load, Reactor reactor, Tally tally)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (load.ReadBytes > 0)
            {
                // Else the kernel would read for the slow reader.
                socket.ReceiveBufferSize = SmallReceiveBuffer;
            }
            socket.Connect(load.To);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return new StreamClient(load, reactor, tally, socket);
    }

    protected override void OnDue(long due)
    {
        if (_sent > 0)
        {
            Watch(reads: true, writes: false);
            return;
        }
        _sent = Clock.Now;
        _times.Begin();
        _reader.Begin();
        if (Send(_load.Request.Wire) != _load.Request.Wire.Length)
        {
            throw new InvalidDataException("the request did not fit into the socket's buffer");
        }
    }

    protected override void OnReadable()
    {
        var free = _reader.Free;
        var received = Receive(_load.ReadBytes > 0 ? free[..Math.Min(free.Length, _load.ReadBytes)] : free);
        if (received < 0)
        {
            return;
        }
        if (received == 0)
        {
            throw new InvalidDataException("the connection ended before the answer did");
        }
        var now = Clock.Now;
        var ended = _reader.Received(received);
        _times.Arrived(_reader.Events, now);
        if (ended)
        {
            End(now);
        }
        else if (_load.LeavesAfterEvents > 0 && _reader.Events >= _load.LeavesAfterEvents)
        {
            _tally.Left++;
            Finish();
        }
        else if (_load.ReadBytes > 0)
        {
            Watch(reads: false, writes: false);
            Reactor.At(now + Clock.Milliseconds(_load.ReadPauseMilliseconds), this);
        }
    }

    protected override void OnWritable()
    {
    }

    protected override void OnFailed(string fault)
    {
        _tally.Fail(fault);
        Finish();
    }

    private void End(long now)
    {
        var answer = new Answer { Sent = _sent, Ended = now, Status = _reader.Status, Bytes = _reader.Bytes, Events = _reader.Events };
        if (_load.Judge(answer) is { } fault)
        {
            _tally.Fail(fault);
        }
        else
        {
            _tally.Answered++;
            _tally.Total.Record(now - _sent);
            _tally.Service.Record(now - _sent);
            _tally.FirstEvent.Record(_times.First - _sent);
        }
        Finish();
    }

    private void Finish()
    {
        _tally.Ended++;
        _tally.LateEvents += _times.Late;
        Close();
    }
}
