using BenchmarkDotNet.Attributes;
using EdgeGw.Storage;

namespace EdgeGw.Bench;

/// <summary>What a record costs the request that appends it, and how long a lone one waits for the disk.</summary>
[MemoryDiagnoser]
public class JournalBench
{
    private const int Burst = 10_000;
    private string _path = "";
    private DataFolder _folder = null!;
    private Journal _journal = null!;
    private byte[] _payload = [];

    [Params(64, 256)]
    public int PayloadBytes { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _path = Path.Combine(Path.GetTempPath(), "edgegw-bench-" + Guid.NewGuid().ToString("N"));
        _folder = DataFolder.Open(_path);
        _journal = Journal.Open(_folder, new JournalOptions());
        _payload = new byte[PayloadBytes];
        // Every page of memory once, as in a process that has run for a while.
        for (int i = 0; i < 4 * Burst; i++) _journal.Append(1, 1, new byte[1024]);
        await _journal.WaitDurableAsync(_journal.LastSequence);
    }

    /// <summary>Bursts that fit in memory; the wait for the disk between them is outside of what is measured.</summary>
    [IterationSetup(Target = nameof(Append))]
    public void Drain() => _journal.WaitDurableAsync(_journal.LastSequence).AsTask().GetAwaiter().GetResult();

    [Benchmark(OperationsPerInvoke = Burst)]
    public void Append()
    {
        for (int i = 0; i < Burst; i++) _journal.Append(1, 1, _payload);
    }

    [Benchmark]
    public async Task AppendAndWaitDurable() => await _journal.WaitDurableAsync(_journal.Append(1, 1, _payload));

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        await _journal.DisposeAsync();
        _folder.Dispose();
        Directory.Delete(_path, recursive: true);
    }
}
