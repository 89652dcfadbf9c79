using EdgeGw.Configuration;

namespace EdgeGw.Upstream.Http2;

/// <summary>The deadline and cancellation of one request's waits, on one token source that lives as long as the request.</summary>
internal sealed class UpstreamWait(TimeoutConfig timeouts, TimeProvider clock) : IDisposable
{
    private readonly CancellationTokenSource _source = new(Timeout.InfiniteTimeSpan, clock);
    private readonly long _started = clock.GetTimestamp();
    private CancellationTokenRegistration _registration;
    private UpstreamError _error;
    private int _cancelled;

    public CancellationToken Token => _source.Token;

    /// <summary>Starts a wait of at most <paramref name="limit"/>, and never beyond the request's total.</summary>
    public void Begin(TimeSpan limit, UpstreamError error, CancellationToken cancellation)
    {
        var left = timeouts.Total - clock.GetElapsedTime(_started);
        (limit, _error) = left < limit ? (left, UpstreamError.TotalTimeout) : (limit, error);
        _registration = cancellation.UnsafeRegister(static s => ((UpstreamWait)s!).Cancel(), this);
        _source.CancelAfter(limit > TimeSpan.Zero ? limit : TimeSpan.Zero);
    }

    /// <summary>Ends a wait.</summary>
    /// <returns>What cut it short, if anything did.</returns>
    public UpstreamError End()
    {
        _registration.Dispose();
        if (!_source.IsCancellationRequested)
        {
            _source.CancelAfter(Timeout.InfiniteTimeSpan);
        }
        return Volatile.Read(ref _cancelled) != 0 ? UpstreamError.Cancelled : _source.IsCancellationRequested ? _error : UpstreamError.None;
    }

    /// <summary>Gives the request up. Any thread, also after <see cref="Dispose"/>.</summary>
    public void Cancel()
    {
        Volatile.Write(ref _cancelled, 1);
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The request ended while it was being given up: nothing is left to cancel.
        }
    }

    public void Dispose() => _source.Dispose();
}
