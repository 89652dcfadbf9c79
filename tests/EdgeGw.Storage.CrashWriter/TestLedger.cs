using System.Buffers.Binary;

namespace EdgeGw.Storage.CrashWriter;

/// <summary>A counter that knows the last record applied to it, so that applying one again changes nothing.</summary>
public struct TestCounter
{
    public long Total;
    public long AppliedSequence;
}

/// <summary>The smallest ledger over journal, counters and checkpoints: increments by key.</summary>
public sealed class TestLedger : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Journal _journal;
    private readonly CounterStore<TestCounter> _counters;
    private readonly CheckpointStore _checkpoints;

    private TestLedger(Journal journal, CounterStore<TestCounter> counters, CheckpointStore checkpoints)
    {
        _journal = journal;
        _counters = counters;
        _checkpoints = checkpoints;
    }

    public static CounterStoreOptions SmallCounters { get; } = new()
    {
        IndexBytes = 1 << 16,
        PageBytes = 4096,
        MemoryPages = 16,
        SegmentBytes = 1 << 16,
        CompactAboveBytes = 1 << 17,
    };

    /// <summary>Records replayed by <see cref="Open"/>.</summary>
    public long Replayed { get; private init; }

    public long DurableSequence => _journal.DurableSequence;

    public long LastSequence => _journal.LastSequence;

    public long BeginAddress => _journal.BeginAddress;

    /// <summary>Why the journal takes nothing any more.</summary>
    public StorageException? JournalFault => _journal.Fault;

    /// <summary>Why the counters take nothing any more.</summary>
    public StorageException? CountersFault => _counters.Fault;

    public static TestLedger Open(DataFolder folder, Action? beforeDiskCall = null)
    {
        CheckpointStore checkpoints = new(folder, beforeDiskCall);
        CheckpointManifest? manifest = checkpoints.LoadLatest();
        CounterStore<TestCounter> counters = CounterStore<TestCounter>.Open(folder, SmallCounters, manifest?.Counters, beforeDiskCall);
        try
        {
            long replayed = 0;
            Journal journal = Journal.Open(folder, JournalOf.SmallOptions, manifest, (in JournalRecord record) =>
            {
                replayed++;
                Apply(counters, record.Sequence, record.Payload);
            });
            return new TestLedger(journal, counters, checkpoints) { Replayed = replayed };
        }
        catch
        {
            counters.Dispose();
            throw;
        }
    }

    /// <summary>Totals by key as the whole journal gives them, without counters or checkpoint.</summary>
    public Dictionary<ulong, long> TotalsOfJournal()
    {
        Dictionary<ulong, long> totals = [];
        _journal.Replay(0, (in JournalRecord record) =>
        {
            ulong key = BinaryPrimitives.ReadUInt64LittleEndian(record.Payload);
            totals[key] = totals.GetValueOrDefault(key) + BinaryPrimitives.ReadInt64LittleEndian(record.Payload[8..]);
        });
        return totals;
    }

    public long Increment(ulong key, long amount)
    {
        Span<byte> payload = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(payload, key);
        BinaryPrimitives.WriteInt64LittleEndian(payload[8..], amount);
        lock (_gate)
        {
            long sequence = _journal.Append(1, 1, payload);
            Apply(_counters, sequence, payload);
            return sequence;
        }
    }

    public ValueTask WaitDurableAsync(long sequence) => _journal.WaitDurableAsync(sequence);

    public long TotalOf(ulong key) => _counters.TryRead(new CounterKey(0, key), out TestCounter counter) ? counter.Total : 0;

    public Task<CheckpointManifest> CheckpointAsync()
    {
        JournalPosition applied;
        lock (_gate) applied = _journal.Position;
        return Checkpointer.TakeAsync(_journal, _counters, _checkpoints, applied);
    }

    /// <summary>A checkpoint, then the journal cut down to a size.</summary>
    public async Task CheckpointAndTrimAsync(long maxBytes)
    {
        CheckpointManifest manifest = await CheckpointAsync();
        await _journal.TrimAsync(manifest.ReplayFromAddress, DateTimeOffset.MinValue, maxBytes);
    }

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        _counters.Dispose();
    }

    private static void Apply(CounterStore<TestCounter> counters, long sequence, ReadOnlySpan<byte> payload)
    {
        CounterKey key = new(0, BinaryPrimitives.ReadUInt64LittleEndian(payload));
        counters.TryRead(key, out TestCounter counter);
        if (counter.AppliedSequence >= sequence) return;
        counter.Total += BinaryPrimitives.ReadInt64LittleEndian(payload[8..]);
        counter.AppliedSequence = sequence;
        counters.Write(key, counter);
    }
}
