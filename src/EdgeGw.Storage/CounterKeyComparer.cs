using FASTER.core;

namespace EdgeGw.Storage;

/// <summary>Equality, and a hash whose every bit depends on every bit of the key: FASTER takes bucket and tag from different ends.</summary>
internal sealed class CounterKeyComparer : IFasterEqualityComparer<CounterKey>
{
    public bool Equals(ref CounterKey k1, ref CounterKey k2) => k1.High == k2.High && k1.Low == k2.Low;

    public long GetHashCode64(ref CounterKey k) => (long)Mix(k.Low ^ Mix(k.High ^ 0x9E3779B97F4A7C15));

    // The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
