using BenchmarkDotNet.Attributes;
using EdgeGw.Storage;

namespace EdgeGw.Bench;

/// <summary>Reading and writing one counter of 100,000 that are in memory.</summary>
[MemoryDiagnoser]
public class CounterStoreBench
{
    private const ulong Keys = 100_000;
    private string _path = "";
    private DataFolder _folder = null!;
    private CounterStore<BenchCounter> _store = null!;
    private ulong _next;

    public struct BenchCounter
    {
        public long Settled, Held, Overrun, WindowStart, AppliedSequence, Version, First, Second;
    }

    [GlobalSetup]
    public void SetUp()
    {
        _path = Path.Combine(Path.GetTempPath(), "edgegw-bench-" + Guid.NewGuid().ToString("N"));
        _folder = DataFolder.Open(_path);
        _store = CounterStore<BenchCounter>.Open(_folder, new CounterStoreOptions(), null);
        for (ulong key = 0; key < Keys; key++) _store.Write(new CounterKey(key, ~key), new BenchCounter { Settled = (long)key });
    }

    [Benchmark]
    public long Read()
    {
        _next = (_next + 7919) % Keys;
        _store.TryRead(new CounterKey(_next, ~_next), out BenchCounter counter);
        return counter.Settled;
    }

    [Benchmark]
    public void Write()
    {
        _next = (_next + 7919) % Keys;
        _store.Write(new CounterKey(_next, ~_next), new BenchCounter { Settled = 1 });
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _store.Dispose();
        _folder.Dispose();
        Directory.Delete(_path, recursive: true);
    }
}
