using EdgeGw.Configuration;

namespace EdgeGw.Requests;

/// <summary>Turns the caller's leaving into what the abort policy says: stop the provider, or read on for a bounded time.</summary>
/// <remarks>One per request in flight. The token is for everything that waits on the provider, waiting for its head included (acceptance case 11).</remarks>
internal sealed class CallerWatch : IDisposable
{
    private readonly CancellationTokenSource _cancellation;
    private readonly CancellationTokenRegistration _registration;
    private readonly DrainLimiter _drains;
    private readonly AbortConfig _policy;
    private readonly Lock _gate = new();
    private volatile bool _gone;
    private bool _disposed;

    public CallerWatch(CancellationToken callerLeft, DrainLimiter drains, AbortConfig policy, TimeProvider time)
    {
        _drains = drains;
        _policy = policy;
        _cancellation = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _registration = callerLeft.UnsafeRegister(static watch => ((CallerWatch)watch!).OnCallerLeft(), this);
    }

    /// <summary>Cancelled when the provider is to be waited for no longer.</summary>
    public CancellationToken Token => _cancellation.Token;

    public bool CallerGone => _gone;

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
            if (_drains.TryEnter(this, _policy) is { } duration)
            {
                _cancellation.CancelAfter(duration);
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
        _drains.Leave(this);
        _cancellation.Dispose();
    }
}
