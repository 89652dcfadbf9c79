using FASTER.core;

namespace EdgeGw.Storage;

/// <summary>Reads and writes whole counters.</summary>
internal sealed class CounterFunctions<TCounter> : FunctionsBase<CounterKey, TCounter, TCounter, TCounter, Empty>
    where TCounter : unmanaged
{
    public override bool SingleReader(ref CounterKey key, ref TCounter input, ref TCounter value, ref TCounter dst, ref ReadInfo readInfo)
    {
        dst = value;
        return true;
    }

    public override bool ConcurrentReader(ref CounterKey key, ref TCounter input, ref TCounter value, ref TCounter dst, ref ReadInfo readInfo)
    {
        dst = value;
        return true;
    }
}
