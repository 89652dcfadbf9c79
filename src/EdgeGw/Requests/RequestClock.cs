namespace EdgeGw.Requests;

/// <summary>The moments of one request, on the monotonic clock. What is neither the caller's nor the provider's time is our overhead.</summary>
internal sealed class RequestClock(TimeProvider time)
{
    private long _start;
    private long _waiting;
    private long _firstByte;

    /// <summary>When the request arrived, wall clock.</summary>
    public DateTimeOffset Started { get; private set; }

    public TimeSpan? FirstByte => _firstByte == 0 ? null : time.GetElapsedTime(_start, _firstByte);

    public void Restart()
    {
        Started = time.GetUtcNow();
        _start = time.GetTimestamp();
        _waiting = 0;
        _firstByte = 0;
    }

    public long Now() => time.GetTimestamp();

    public TimeSpan Since(long moment) => time.GetElapsedTime(moment);

    /// <summary>Counts the time since <paramref name="since"/> as waited for somebody else.</summary>
    public void Waited(long since) => _waiting += time.GetTimestamp() - since;

    public void MarkFirstByte()
    {
        if (_firstByte == 0)
        {
            _firstByte = time.GetTimestamp();
        }
    }

    /// <summary>What has passed since the request arrived, and how much of it was ours, by one look at the clock.</summary>
    public (TimeSpan Total, TimeSpan Overhead) Passed()
    {
        var now = time.GetTimestamp();
        return (time.GetElapsedTime(_start, now), time.GetElapsedTime(_start + _waiting, now));
    }
    public TimeSpan Overhead() => time.GetElapsedTime(_start + _waiting);
}
