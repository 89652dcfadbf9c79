using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using EdgeGw.Upstream.Net;

namespace EdgeGw.Upstream.Http1;

/// <summary>HTTP/1.1 to providers over pooled sockets, made for one thing: passing long answers on as they come, with little memory and no waiting.</summary>
/// <remarks>
/// Redirects are never followed. A request is sent twice only when a kept connection turns out to have been closed before it: no byte came
/// back and the failure was immediate. Both sends then count as one, with <see cref="UpstreamResult.RequestSent"/> telling the worse of the two.
/// </remarks>
public sealed class Http1Transport : UpstreamTransport
{
    private readonly UpstreamOptions _options;
    private readonly UpstreamConnector _connector;
    private readonly DeadlineSweeper _sweeper;
    /// <summary>Of the latest request: they share their timeouts until the configuration changes.</summary>
    private volatile Http1Clock _clock;
    private readonly ConcurrentDictionary<UpstreamOrigin, Http1Pool> _pools = new();

    /// <summary>Providers hand in the same <see cref="Uri"/> each time: found by reference, without hashing its text.</summary>
    private readonly ConditionalWeakTable<Uri, Http1Pool> _poolsByUri = [];
    private int _disposed;

    /// <exception cref="IOException">The extra roots' file cannot be read.</exception>
    public Http1Transport(UpstreamOptions options)
    {
        _options = options;
        _clock = new Http1Clock(options.Timeouts, options.Clock);
        _connector = new UpstreamConnector(options.Timeouts.Connect, options.Clock, TrustedRoots.Load(options.ExtraRootsFile));
        _sweeper = new DeadlineSweeper(options.Clock, SweepPeriod(options), Trim);
    }

    public override ValueTask<UpstreamResult> SendAsync(UpstreamRequest request, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        var pool = PoolFor(request);
        if (request.Head.Set(request, pool.HostField) is { } fault)
        {
            return new(new UpstreamResult(null, UpstreamError.Protocol, false, fault));
        }
        if (cancellation.IsCancellationRequested)
        {
            return new(new UpstreamResult(null, UpstreamError.Cancelled, false));
        }
        var clock = ClockOf(request);
        var now = clock.Now;
        return pool.TryTake(now) is { } kept
            ? new Http1Exchange(kept, clock, request, now, now + clock.Total, this).RunAsync(cancellation)
            : SendOnNewConnectionAsync(pool, request, clock, now + clock.Total, false, cancellation);
    }

    public override ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _sweeper.Dispose();
            foreach (var pool in _pools.Values)
            {
                pool.Shut();
            }
            Array.ForEach(_sweeper.Snapshot(), static c => c.Close());
        }
        return ValueTask.CompletedTask;
    }

    public override void KeepOnly(IReadOnlySet<UpstreamOrigin> origins)
    {
        foreach (var (origin, pool) in _pools)
        {
            if (!origins.Contains(origin) && _pools.TryRemove(origin, out _))
            {
                pool.Shut();
            }
        }
    }

    /// <summary>Unused connections to an origin, for tests.</summary>
    internal int IdleConnections(UpstreamRequest request) => PoolFor(request).IdleCount;

    /// <param name="sentBefore">Some of it may have reached the provider on a kept connection.</param>
    internal async ValueTask<UpstreamResult> SendOnNewConnectionAsync(
        Http1Pool pool, UpstreamRequest request, Http1Clock clock, long totalDeadline, bool sentBefore, CancellationToken cancellation)
    {
        var made = await _connector.ConnectAsync(pool.Host, pool.Port, pool.IsTls, pool.PublicOnly, cancellation);
        if (made.Socket is null)
        {
            return new(null, made.Error, sentBefore, made.Detail);
        }
        var now = clock.Now;
        var connection = new Http1Connection(made.Socket, made.Tls, pool, now + Lifetime());
        _sweeper.Add(connection);
        if (Volatile.Read(ref _disposed) != 0)
        {
            connection.Close();
        }
        var result = await new Http1Exchange(connection, clock, request, now, totalDeadline, null).RunAsync(cancellation);
        return result with { RequestSent = result.RequestSent || sentBefore };
    }

    private Http1Clock ClockOf(UpstreamRequest request)
    {
        var clock = _clock;
        var timeouts = request.Timeouts ?? _options.Timeouts;
        return ReferenceEquals(clock.Timeouts, timeouts) ? clock : _clock = new Http1Clock(timeouts, _options.Clock);
    }

    private Http1Pool PoolFor(UpstreamRequest request)
    {
        if (_poolsByUri.TryGetValue(request.Origin, out var pool) && pool.PublicOnly == request.PublicAddressOnly)
        {
            return pool;
        }
        pool = _pools.GetOrAdd(
            UpstreamOrigin.Of(request.Origin, request.PublicAddressOnly),
            static (key, self) => new Http1Pool(new Uri(key.Authority), key.PublicAddressOnly, self._options, self._sweeper), this);
        _poolsByUri.AddOrUpdate(request.Origin, pool);
        return pool;
    }

    /// <summary>Spread by a fifth, so that connections made together in a burst do not all end together.</summary>
    private long Lifetime() => Http1Pool.Ticks(_options.Clock, _options.ConnectionLifetime * (0.8 + 0.2 * Random.Shared.NextDouble()));

    private void Trim(long now)
    {
        foreach (var (_, pool) in _pools)
        {
            pool.Trim(now);
        }
    }

    /// <summary>A tenth of the shortest wait, so that no timeout is noticeably late.</summary>
    private static TimeSpan SweepPeriod(UpstreamOptions options)
    {
        var t = options.Timeouts;
        var shortest = Math.Min(Math.Min(t.FirstByte.TotalMilliseconds, t.Idle.TotalMilliseconds), t.Total.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Clamp(shortest / 10, 5, 250));
    }
}
