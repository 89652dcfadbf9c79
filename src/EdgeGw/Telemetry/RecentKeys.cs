namespace EdgeGw.Telemetry;

/// <summary>What was found lately under keys of several names, in front of a map: comparing names costs a fraction of hashing them with a secret seed.</summary>
/// <remarks>
/// Thread-safe and lock-free. A key has one place, which others may want too: then the one that is there mostly stays, so that two that take turns cost
/// look-ups and no garbage.
/// </remarks>
internal sealed class RecentKeys<TKey, TValue>
    where TKey : struct, IEquatable<TKey>
{
    private const int Places = 64;

    /// <summary>Misses for one replacement.</summary>
    private const int Patience = 64;

    private readonly Entry?[] _entries = new Entry?[Places];
    private int _misses;

    /// <param name="place">Any number that is the same for equal keys, and mostly another for others.</param>
    public bool TryGet(in TKey key, int place, out TValue value)
    {
        if (Volatile.Read(ref _entries[place & (Places - 1)]) is { } entry && entry.Key.Equals(key))
        {
            value = entry.Value;
            return true;
        }
        value = default!;
        return false;
    }

    /// <summary>For values that never change under their key.</summary>
    public void Note(in TKey key, int place, TValue value)
    {
        ref var entry = ref _entries[place & (Places - 1)];
        // Two threads may count one miss: that costs nothing but patience.
        if (Volatile.Read(ref entry) is null || ++_misses % Patience == 0)
        {
            Volatile.Write(ref entry, new Entry(key, value));
        }
    }

    private sealed class Entry(TKey key, TValue value)
    {
        public TKey Key { get; } = key;

        public TValue Value { get; } = value;
    }
}
