using System.Collections.Concurrent;
using EdgeGw.Configuration;

namespace EdgeGw.Requests;

/// <summary>Bounds how many answers are read on after their callers left, and ends them all when the gateway stops.</summary>
public sealed class DrainLimiter
{
    private readonly ConcurrentDictionary<CallerWatch, bool> _draining = new();
    private int _count;
    private volatile bool _closed;

    /// <summary>Answers being read on now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How long this answer may be read on; null: not at all.</summary>
    internal TimeSpan? TryEnter(CallerWatch watch, AbortConfig policy)
    {
        if (policy.Policy == AbortPolicy.Cancel || _closed)
        {
            return null;
        }
        if (Interlocked.Increment(ref _count) > policy.MaxConcurrent)
        {
            Interlocked.Decrement(ref _count);
            return null;
        }
        _draining[watch] = true;
        return policy.MaxDuration;
    }

    internal void Leave(CallerWatch watch)
    {
        if (_draining.TryRemove(watch, out _))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>From now on a caller's leaving cancels at once, for those that left before too.</summary>
    internal void Close()
    {
        _closed = true;
        foreach (var watch in _draining.Keys)
        {
            watch.Cancel();
        }
    }
}
