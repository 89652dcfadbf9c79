using System.Collections.Concurrent;
using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Telemetry;

/// <summary>Handles by a key that comes from outside: at most so many, and only for keys that proved themselves.</summary>
/// <remarks>
/// A caller can make up names without end. If a made-up name took a slot, a few hundred refused requests would push the real models out of
/// the metrics; so a key takes a slot only when a provider has answered under it, and otherwise shares the key that <c>fallback</c> names.
/// Fallbacks are as many as there are configured providers; should they not be, <c>lastResort</c> takes the rest.
/// </remarks>
internal sealed class BoundedMap<TKey, TValue>(
    int max, Func<TKey, TKey> fallback, TKey lastResort, Func<TKey, TValue> create, Counter overflow)
    where TKey : struct, IEquatable<TKey>
    where TValue : class
{
    private readonly ConcurrentDictionary<TKey, TValue> _values = new();
    private readonly RecentKeys<TKey, TValue> _recent = new();
    private int _count;
    private int _fallbackCount;

    /// <param name="place">See <see cref="RecentKeys{TKey, TValue}.TryGet"/>.</param>
    /// <param name="proven">The key may take a slot.</param>
    internal TValue Get(TKey key, int place, bool proven)
    {
        if (_recent.TryGet(key, place, out var value))
        {
            return value;
        }
        if (_values.TryGetValue(key, out value))
        {
            _recent.Note(key, place, value);
            return value;
        }
        if (proven && TryTake(ref _count))
        {
            return _values.GetOrAdd(key, create);
        }
        if (proven)
        {
            overflow.Increment();
        }
        var shared = fallback(key);
        if (_values.TryGetValue(shared, out value))
        {
            return value;
        }
        return _values.GetOrAdd(TryTake(ref _fallbackCount) ? shared : lastResort, create);
    }

    private bool TryTake(ref int count)
    {
        // The read keeps the count near its bound instead of wrapping around after two billion refusals.
        return Volatile.Read(ref count) < max && Interlocked.Increment(ref count) <= max;
    }
}
