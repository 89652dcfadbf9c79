using System.Collections.Concurrent;
using System.Net.Sockets;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Net;

/// <summary>One thread that serves thousands of sockets: epoll tells which are ready, a timer descriptor wakes it at exact moments.</summary>
/// <remarks>
/// A thread per stream would spend two processors on switching. One event is one system call here; the runtime's asynchronous sockets take
/// two, and end on a thread of the pool. Handlers run on the thread that is in <see cref="Run"/>; only <see cref="Add"/> may be called elsewhere.
/// </remarks>
internal sealed class Reactor : IDisposable
{
    private const int Batch = 256;
    private const int CheckMilliseconds = 50;
    private const long TimerToken = 0;
    private readonly Epoll _epoll = new(Batch);
    private readonly ConcurrentDictionary<long, ReactorSocket> _sockets = new();
    private readonly PriorityQueue<ReactorSocket, long> _timers = new();
    private long _lastToken = TimerToken;

    /// <summary>How long after its moment each timer fired: what this thread itself adds to whatever is measured.</summary>
    public LatencyHistogram Lateness { get; } = new();

    /// <summary>From here on the socket's readiness is told to it.</summary>
    public void Add(ReactorSocket handler, Socket socket)
    {
        handler.Token = Interlocked.Increment(ref _lastToken);
        _sockets[handler.Token] = handler;
        _epoll.Add(socket, handler.Token);
    }

    public void Remove(ReactorSocket handler) => _sockets.TryRemove(handler.Token, out _);

    public void Watch(ReactorSocket handler, Socket socket, bool read, bool write) => _epoll.Watch(socket, handler.Token, read, write);

    /// <summary>Calls <see cref="ReactorSocket.Handle"/> at that moment of <see cref="Clock"/>. It cannot be taken back.</summary>
    public void At(long due, ReactorSocket handler) => _timers.Enqueue(handler, due);

    /// <summary>Serves until the condition holds; it is asked after each batch of events, and every 50 ms.</summary>
    public void Run(Func<bool> until)
    {
        Clock.SharpenThisThread();
        while (!until())
        {
            FireTimers();
            var timeout = CheckMilliseconds;
            if (_timers.TryPeek(out _, out var next))
            {
                timeout = _epoll.SetTimer(next) ? timeout : 0;
            }
            foreach (var (token, readable, writable) in _epoll.Wait(timeout))
            {
                if (_sockets.TryGetValue(token, out var handler))
                {
                    handler.Handle(readable, writable);
                }
            }
        }
    }

    public void Dispose() => _epoll.Dispose();

    /// <summary>At most one batch, so that sockets get their turn also when timers are behind.</summary>
    private void FireTimers()
    {
        for (var i = 0; i < Batch && _timers.TryPeek(out var handler, out var due) && Clock.Now is var now && due <= now; i++)
        {
            _timers.Dequeue();
            if (!handler.IsClosed)
            {
                Lateness.Record(now - due);
                handler.Handle(readable: false, writable: false, due);
            }
        }
    }
}
