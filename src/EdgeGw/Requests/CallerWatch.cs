using EdgeGw.Configuration;

namespace EdgeGw.Requests;

/// <summary>Turns the caller's leaving into what the abort policy says: stop the provider, or read on for a bounded time.</summary>
/// <remarks>
/// For one request in flight, from <see cref="Begin"/> to <see cref="Dispose"/>, and then for the next if <see cref="TryReset"/> says so. The token is
/// for everything that waits on the provider, waiting for its head included (acceptance case 11).
/// </remarks>
internal sealed class CallerWatch(DrainLimiter drains, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Lock _gate = new();
    private CancellationTokenRegistration _registration;
    private AbortConfig _policy = null!;
    private ITimer? _drainEnd;
    private volatile bool _gone;
    private bool _disposed;

    /// <summary>Cancelled when the provider is to be waited for no longer.</summary>
    public CancellationToken Token => _cancellation.Token;

    public bool CallerGone => _gone;

    /// <summary>Watches a request's caller.</summary>
    public CallerWatch Begin(CancellationToken callerLeft, AbortConfig policy)
    {
        _policy = policy;
        _disposed = false;
        _registration = callerLeft.UnsafeRegister(static watch => ((CallerWatch)watch!).OnCallerLeft(), this);
        return this;
    }

    /// <summary>For writers that notice before the connection does.</summary>
    public void OnCallerLeft()
    {
        lock (_gate)
        {
            if (_gone || _disposed)
            {
                return;
            }
            _gone = true;
            if (drains.TryEnter(this, _policy) is { } duration)
            {
                _drainEnd = time.CreateTimer(static watch => ((CallerWatch)watch!).Cancel(), this, duration, Timeout.InfiniteTimeSpan);
                return;
            }
        }
        Cancel();
    }

    public void Cancel()
    {
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The answer ended in this very moment: nothing is left to cancel.
        }
    }

    public void Dispose()
    {
        _registration.Dispose();
        lock (_gate)
        {
            _disposed = true;
        }
        drains.Leave(this);
        if (_gone)
        {
            _drainEnd?.Dispose();
            _cancellation.Dispose();
        }
    }

    /// <summary>Ready for another request. False where a caller has left: the end of its drain may still come, and must not hit anybody else.</summary>
    public bool TryReset() => !_gone && _cancellation.TryReset();
}
