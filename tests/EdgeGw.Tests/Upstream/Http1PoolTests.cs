using System.Net;
using System.Net.Sockets;
using EdgeGw.Upstream.Http1;

namespace EdgeGw.Tests.Upstream;

public sealed class Http1PoolTests : IDisposable
{
    private readonly TcpListener _provider = new(IPAddress.Loopback, 0);
    private readonly List<IDisposable> _sockets = [];
    private readonly DeadlineSweeper _sweeper = new(TimeProvider.System, Timeout.InfiniteTimeSpan, static _ => { });
    private readonly Http1Pool _pool;

    private static long Now => TimeProvider.System.GetTimestamp();

    public Http1PoolTests()
    {
        _provider.Start();
        _pool = new Http1Pool(new Uri("http://provider.example"), false, TransportTesting.Options(), _sweeper);
    }

    [Fact]
    public void Connection_used_last_is_taken_first()
    {
        var (first, second) = (Kept(thread: 0), Kept(thread: 0));

        Assert.Equal([second, first, null], [_pool.TryTake(Now), _pool.TryTake(Now), _pool.TryTake(Now)]);
    }

    [Fact]
    public void Connection_whose_answers_come_on_the_callers_thread_is_taken_before_those_used_later()
    {
        var (first, mine, last) = (Kept(thread: -1), Kept(Environment.CurrentManagedThreadId), Kept(thread: -1));

        Assert.Equal([mine, last, first, null], [_pool.TryTake(Now), _pool.TryTake(Now), _pool.TryTake(Now), _pool.TryTake(Now)]);
    }

    [Fact]
    public void Connection_that_the_provider_closed_is_passed_over_whoever_waited_for_it()
    {
        var other = Kept(thread: -1);
        Kept(Environment.CurrentManagedThreadId, closed: true);

        Assert.Equal([other, null], [_pool.TryTake(Now), _pool.TryTake(Now)]);
    }

    public void Dispose()
    {
        _sockets.ForEach(static socket => socket.Dispose());
        _provider.Dispose();
        _sweeper.Dispose();
    }

    private Http1Connection Kept(int thread, bool closed = false)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(_provider.LocalEndpoint);
        var accepted = _provider.AcceptSocket();
        _sockets.AddRange([socket, accepted]);
        if (closed)
        {
            accepted.Dispose();
            Assert.True(socket.Poll(TimeSpan.FromSeconds(20), SelectMode.SelectRead));
        }
        var connection = new Http1Connection(socket, null, _pool, long.MaxValue) { EventThread = thread };
        _pool.Return(connection, keepSeconds: 0);
        return connection;
    }
}
