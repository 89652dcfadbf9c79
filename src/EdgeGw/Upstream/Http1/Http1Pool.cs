using System.Text;

namespace EdgeGw.Upstream.Http1;

/// <summary>Idle connections to one origin. The one used last is used next, so that surplus ones age and go; first of all those whose events come on the caller's thread.</summary>
/// <remarks>Else an answer wakes a second thread, which costs a call up to a fifth of its processor time (docs/performance.md).</remarks>
internal sealed class Http1Pool(Uri origin, bool publicOnly, UpstreamOptions options, DeadlineSweeper sweeper)
{
    /// <summary>How many idle connections are looked at for one of the caller's thread.</summary>
    private const int Choice = 16;

    private readonly Lock _lock = new();
    private readonly List<Http1Connection> _idle = [];
    private readonly long _idleLifetime = Ticks(options.Clock, options.IdleLifetime);
    private bool _closed;

    public string Host { get; } = origin.IdnHost;

    public int Port { get; } = origin.Port;

    public bool IsTls { get; } = origin.Scheme == Uri.UriSchemeHttps;

    public bool PublicOnly { get; } = publicOnly;

    /// <summary>The <c>Host</c> field.</summary>
    public byte[] HostField { get; } = Encoding.ASCII.GetBytes(Upstream.HostField.Of(origin));

    /// <summary>Unused connections now.</summary>
    public int IdleCount
    {
        get
        {
            lock (_lock)
            {
                return _idle.Count;
            }
        }
    }

    /// <summary>A living connection used before; null: make one.</summary>
    /// <param name="now">The clock's timestamp.</param>
    public Http1Connection? TryTake(long now)
    {
        while (true)
        {
            Http1Connection connection;
            lock (_lock)
            {
                if (_idle.Count == 0)
                {
                    return null;
                }
                var index = Best();
                connection = _idle[index];
                _idle.RemoveAt(index);
            }
            if (now < connection.ExpiresAt && now < connection.IdleUntil && connection.TryBeginReuse())
            {
                return connection;
            }
            connection.Close();
        }
    }

    /// <summary>Keeps a connection whose answer was read to its exact end, or closes it.</summary>
    /// <param name="keepSeconds">How long the provider says it keeps it; 0: not said.</param>
    public void Return(Http1Connection connection, int keepSeconds)
    {
        var now = options.Clock.GetTimestamp();
        // A second less than announced: the provider's clock started when it sent, ours when we had read.
        var keep = keepSeconds == 0 ? _idleLifetime : Math.Min(_idleLifetime, Ticks(options.Clock, TimeSpan.FromSeconds(Math.Max(keepSeconds - 1, 0.5))));
        connection.IdleUntil = now + keep;
        Http1Connection? surplus = connection;
        if (connection.TryReset() && now < connection.ExpiresAt)
        {
            lock (_lock)
            {
                if (!_closed)
                {
                    _idle.Add(connection);
                    surplus = null;
                    if (_idle.Count > options.MaxIdlePerOrigin)
                    {
                        surplus = _idle[0];
                        _idle.RemoveAt(0);
                    }
                }
            }
        }
        surplus?.Close();
    }

    /// <summary>Closes what has been idle or alive for too long.</summary>
    public void Trim(long now)
    {
        List<Http1Connection>? old = null;
        lock (_lock)
        {
            for (var i = _idle.Count - 1; i >= 0; i--)
            {
                if (now >= _idle[i].IdleUntil || now >= _idle[i].ExpiresAt)
                {
                    (old ??= []).Add(_idle[i]);
                    _idle.RemoveAt(i);
                }
            }
        }
        old?.ForEach(static c => c.Close());
    }

    /// <summary>Keeps nothing from now on.</summary>
    public void Shut()
    {
        Http1Connection[] idle;
        lock (_lock)
        {
            _closed = true;
            idle = [.. _idle];
            _idle.Clear();
        }
        Array.ForEach(idle, static c => c.Close());
    }

    /// <summary>Called by a connection that closes.</summary>
    public void Forget(Http1Connection connection) => sweeper.Remove(connection);

    private int Best()
    {
        var thread = Environment.CurrentManagedThreadId;
        var last = _idle.Count - 1;
        for (var i = last; i >= 0 && i > last - Choice; i--)
        {
            if (_idle[i].EventThread == thread)
            {
                return i;
            }
        }
        return last;
    }

    internal static long Ticks(TimeProvider clock, TimeSpan span) => (long)(span.TotalSeconds * clock.TimestampFrequency);
}
