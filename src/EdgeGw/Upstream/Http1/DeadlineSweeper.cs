namespace EdgeGw.Upstream.Http1;

/// <summary>One coarse timer for all connections: waiting for a byte costs two field writes instead of a timer of its own.</summary>
/// <remarks>A deadline is noticed up to one period late, never early.</remarks>
internal sealed class DeadlineSweeper : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<Http1Connection> _connections = [];
    private readonly List<Http1Connection> _expired = [];
    private readonly TimeProvider _clock;
    private readonly Action<long> _afterSweep;
    private readonly ITimer _timer;
    private int _sweeping;

    /// <param name="afterSweep">Called after each round with the clock's timestamp.</param>
    public DeadlineSweeper(TimeProvider clock, TimeSpan period, Action<long> afterSweep)
    {
        _clock = clock;
        _afterSweep = afterSweep;
        _timer = clock.CreateTimer(static s => ((DeadlineSweeper)s!).Sweep(), this, period, period);
    }

    public void Add(Http1Connection connection)
    {
        lock (_lock)
        {
            _connections.Add(connection);
        }
    }

    public void Remove(Http1Connection connection)
    {
        lock (_lock)
        {
            _connections.Remove(connection);
        }
    }

    /// <summary>All connections now open.</summary>
    public Http1Connection[] Snapshot()
    {
        lock (_lock)
        {
            return [.. _connections];
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Sweep()
    {
        // A round that outlasts the period must not be joined by the next one.
        if (Interlocked.Exchange(ref _sweeping, 1) == 1)
        {
            return;
        }
        var now = _clock.GetTimestamp();
        lock (_lock)
        {
            foreach (var connection in _connections)
            {
                if (connection.TryExpire(now))
                {
                    _expired.Add(connection);
                }
            }
        }
        foreach (var connection in _expired)
        {
            connection.Close();
        }
        _expired.Clear();
        _afterSweep(now);
        Volatile.Write(ref _sweeping, 0);
    }
}
