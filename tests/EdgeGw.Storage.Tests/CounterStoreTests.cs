using EdgeGw.Storage.CrashWriter;

namespace EdgeGw.Storage.Tests;

public sealed class CounterStoreTests
{
    private static readonly CounterStoreOptions FourMebibytes = new()
    {
        IndexBytes = 1 << 20,
        PageBytes = 64 << 10,
        MemoryPages = 64,
        SegmentBytes = 1 << 20,
    };

    [Fact]
    public void TryRead_gives_what_was_written_and_false_for_other_keys()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        using CounterStore<TestCounter> store = CounterStore<TestCounter>.Open(folder, FourMebibytes, null);
        Assert.False(store.TryRead(new CounterKey(1, 2), out _));
        store.Write(new CounterKey(1, 2), new TestCounter { Total = 5, AppliedSequence = 6 });
        store.Write(new CounterKey(2, 1), new TestCounter { Total = 7 });
        store.Write(new CounterKey(1, 2), new TestCounter { Total = 8, AppliedSequence = 9 });
        Assert.True(store.TryRead(new CounterKey(1, 2), out TestCounter counter));
        Assert.Equal((8, 9), (counter.Total, counter.AppliedSequence));
        Assert.True(store.TryRead(new CounterKey(2, 1), out counter));
        Assert.Equal(7, counter.Total);
        Assert.False(store.TryRead(new CounterKey(1, 1), out _));
    }

    [Fact]
    public async Task Store_larger_than_memory_reads_back_right_before_and_after_a_checkpoint()
    {
        const int Keys = 200_000;
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        Guid checkpoint;
        using (CounterStore<TestCounter> store = CounterStore<TestCounter>.Open(folder, FourMebibytes, null))
        {
            for (ulong key = 0; key < Keys; key++) store.Write(KeyOf(key), new TestCounter { Total = (long)key * 3, AppliedSequence = 1 });
            for (ulong key = 0; key < Keys; key += 7) store.Write(KeyOf(key), new TestCounter { Total = (long)key * 5, AppliedSequence = 2 });
            AssertAll(store);
            checkpoint = await store.CheckpointAsync();
            AssertAll(store);
        }

        using CounterStore<TestCounter> reopened = CounterStore<TestCounter>.Open(folder, FourMebibytes, checkpoint);
        AssertAll(reopened);
        reopened.Write(KeyOf(3), new TestCounter { Total = 9 });
        Assert.True(reopened.TryRead(KeyOf(3), out TestCounter counter));
        Assert.Equal(9, counter.Total);

        static void AssertAll(CounterStore<TestCounter> store)
        {
            for (ulong key = 0; key < Keys; key++)
            {
                Assert.True(store.TryRead(KeyOf(key), out TestCounter counter));
                Assert.Equal(key % 7 == 0 ? (long)key * 5 : (long)key * 3, counter.Total);
            }

            Assert.False(store.TryRead(KeyOf(Keys), out _));
        }
    }

    [Fact]
    public async Task Store_used_by_many_threads_while_checkpoints_are_taken_never_shows_a_torn_or_older_counter()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        using CounterStore<TestCounter> store = CounterStore<TestCounter>.Open(folder, TestLedger.SmallCounters, null);
        Task[] workers = [.. Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            // Each writes its own keys and reads everybody's.
            long[] seen = new long[4];
            for (long round = 1; round <= 1500; round++)
            {
                for (ulong i = 0; i < 8; i++) store.Write(new CounterKey((ulong)worker, i), new TestCounter { Total = round, AppliedSequence = -round });
                for (int other = 0; other < 4; other++)
                {
                    if (!store.TryRead(new CounterKey((ulong)other, 3), out TestCounter counter)) continue;
                    Assert.Equal(counter.Total, -counter.AppliedSequence);
                    Assert.True(counter.Total >= seen[other]);
                    seen[other] = counter.Total;
                }

                // Push pages out of memory.
                store.Write(new CounterKey(99, (ulong)((round * 4) + worker)), default);
            }
        }))];
        Task all = Task.WhenAll(workers);
        while (!all.IsCompleted)
        {
            try
            {
                store.RemoveCheckpointsExcept(await store.CheckpointAsync());
            }
            catch (StorageException e) when (store.Fault is null && e.Message.Contains("changed faster", StringComparison.Ordinal))
            {
                // On a busy disk this little memory is written anew within one checkpoint; the one before stays in force.
            }
        }

        await all;
        store.RemoveCheckpointsExcept(await store.CheckpointAsync());
        Assert.Single(Directory.EnumerateFiles(Path.Combine(temp.Path, "counters"), "*.sums"));
        Assert.Single(Directory.EnumerateDirectories(Path.Combine(temp.Path, "counters", "checkpoints", "cpr-checkpoints")));
    }

    [Fact]
    public async Task CheckpointAsync_holds_every_write_that_returned_before_it()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        Guid checkpoint = default;
        for (long round = 1; round <= 5; round++)
        {
            using CounterStore<TestCounter> store = CounterStore<TestCounter>.Open(folder, TestLedger.SmallCounters, round == 1 ? null : checkpoint);
            for (ulong key = 0; key < 3000; key++)
            {
                Assert.Equal(round > 1, store.TryRead(KeyOf(key), out TestCounter counter));
                Assert.Equal(round - 1, counter.Total);
                store.Write(KeyOf(key), new TestCounter { Total = round });
            }

            checkpoint = await store.CheckpointAsync();
            store.RemoveCheckpointsExcept(checkpoint);
            // Not in the checkpoint, and gone after it.
            for (ulong key = 0; key < 3000; key += 2) store.Write(KeyOf(key), new TestCounter { Total = -1 });
        }
    }

    [Fact]
    public async Task Store_rewritten_many_times_stays_bounded_on_disk_and_loses_nothing()
    {
        const ulong Keys = 4000;
        const long Rounds = 60;
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        // 4,000 counters of 40 bytes take 160 kB, of which 64 kB fit in memory; without compaction 60 rounds would take 9.6 MB.
        CounterStoreOptions options = TestLedger.SmallCounters with { SegmentBytes = 1 << 16, CompactAboveBytes = 1 << 18 };
        CounterStore<TestCounter> store = CounterStore<TestCounter>.Open(folder, options, null);
        Guid checkpoint = default;
        for (long round = 1; round <= Rounds; round++)
        {
            for (ulong key = 0; key < Keys; key++) store.Write(KeyOf(key), new TestCounter { Total = round + (long)key });
            Task<Guid> underWay = store.CheckpointAsync();
            // Meanwhile others write on.
            for (ulong key = Keys; key < Keys + 50; key++) store.Write(KeyOf(key), new TestCounter { Total = round + (long)key });
            checkpoint = await underWay;
            store.RemoveCheckpointsExcept(checkpoint);
            AssertAll(store, round, Keys + 50);
            if (round % 20 != 0) continue;
            store.Dispose();
            store = CounterStore<TestCounter>.Open(folder, options, checkpoint);
            AssertAll(store, round, Keys);
        }

        store.Dispose();
        long onDisk = Directory.EnumerateFiles(Path.Combine(temp.Path, "counters"), "log.*").Sum(file => new FileInfo(file).Length);
        Assert.InRange(onDisk, 1, 2 << 20);

        static void AssertAll(CounterStore<TestCounter> store, long round, ulong keys)
        {
            for (ulong key = 0; key < keys; key++)
            {
                Assert.True(store.TryRead(KeyOf(key), out TestCounter counter));
                Assert.Equal(round + (long)key, counter.Total);
            }

            Assert.False(store.TryRead(new CounterKey(77, 77), out _));
        }
    }

    [Fact]
    public void Open_as_of_a_checkpoint_that_is_not_there_is_refused()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        Assert.Throws<StorageException>(() => CounterStore<TestCounter>.Open(folder, FourMebibytes, Guid.NewGuid()));
    }

    [Fact]
    public void Open_without_a_checkpoint_starts_empty_whatever_lies_there()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        for (int i = 0; i < 2; i++)
        {
            using CounterStore<TestCounter> store = CounterStore<TestCounter>.Open(folder, TestLedger.SmallCounters, null);
            for (ulong key = 0; key < 20_000; key++)
            {
                Assert.False(store.TryRead(KeyOf(key), out _));
                store.Write(KeyOf(key), new TestCounter { Total = 1 });
            }
        }
    }

    [Fact]
    public async Task Store_after_one_flipped_bit_in_any_file_gives_every_counter_or_refuses()
    {
        const int Keys = 6000;
        using TempFolder whole = new();
        Guid checkpoint;
        using (DataFolder folder = DataFolder.Open(whole.Path))
        using (CounterStore<TestCounter> store = CounterStore<TestCounter>.Open(folder, TestLedger.SmallCounters, null))
        {
            for (ulong key = 0; key < Keys; key++) store.Write(KeyOf(key), new TestCounter { Total = (long)key + 1 });
            checkpoint = await store.CheckpointAsync();
        }

        int refused = 0;
        Random random = new(99);
        string root = Path.Combine(whole.Path, "counters");
        string[] files = [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file)).Order()];
        for (int flip = 0; flip < 150; flip++)
        {
            using TempFolder flipped = whole.Copy();
            string path = Path.Combine(flipped.Path, "counters", files[flip % files.Length]);
            byte[] content = await File.ReadAllBytesAsync(path);
            content[random.Next(content.Length)] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(path, content);
            using DataFolder folder = DataFolder.Open(flipped.Path);
            try
            {
                using CounterStore<TestCounter> store = CounterStore<TestCounter>.Open(folder, TestLedger.SmallCounters, checkpoint);
                for (ulong key = 0; key < Keys; key++)
                {
                    Assert.True(store.TryRead(KeyOf(key), out TestCounter counter), $"{path}: key {key} vanished");
                    Assert.Equal((long)key + 1, counter.Total);
                }
            }
            catch (StorageException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 50, 150);
    }

    [Fact]
    public async Task Store_checkpointed_while_pages_are_flushed_and_one_bit_of_its_log_flipped_gives_every_counter_or_refuses()
    {
        const int Keys = 6000;
        using TempFolder whole = new();
        Guid checkpoint;
        using (DataFolder folder = DataFolder.Open(whole.Path))
        using (CounterStore<TestCounter> store = CounterStore<TestCounter>.Open(folder, TestLedger.SmallCounters, null))
        {
            for (ulong key = 0; key < Keys; key++) store.Write(KeyOf(key), new TestCounter { Total = (long)key + 1 });
            // The same values again, so that any moment's state is right; few enough not to fill the memory anew.
            Task writer = Task.Run(() =>
            {
                for (ulong key = 0; key < 600; key++) store.Write(KeyOf(key), new TestCounter { Total = (long)key + 1 });
            });
            checkpoint = await store.CheckpointAsync();
            await writer;
        }

        int refused = 0;
        Random random = new(7);
        string[] log = [.. Directory.EnumerateFiles(Path.Combine(whole.Path, "counters"), "log.*").Order()];
        using TempFolder flipped = whole.Copy();
        for (int flip = 0; flip < 150; flip++)
        {
            string name = log[random.Next(log.Length)];
            byte[] content = await File.ReadAllBytesAsync(name);
            content[random.Next(content.Length)] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(Path.Combine(flipped.Path, "counters", Path.GetFileName(name)), content);
            using DataFolder folder = DataFolder.Open(flipped.Path);
            try
            {
                using CounterStore<TestCounter> store = CounterStore<TestCounter>.Open(folder, TestLedger.SmallCounters, checkpoint);
                for (ulong key = 0; key < Keys; key++)
                {
                    Assert.True(store.TryRead(KeyOf(key), out TestCounter counter), $"{name}: key {key} vanished");
                    Assert.Equal((long)key + 1, counter.Total);
                }
            }
            catch (StorageException)
            {
                refused++;
            }

            flipped.CopyFrom(whole);
        }

        Assert.InRange(refused, 1, 150);
    }

    [Fact]
    public async Task CheckpointAsync_overtaken_by_writes_gives_one_that_opens_or_none()
    {
        const int Keys = (int)Overtaken.Keys;
        using TempFolder temp = new();
        Guid? checkpoint = null;
        using DataFolder folder = DataFolder.Open(temp.Path);
        using (CounterStore<TestCounter> store = CounterStore<TestCounter>.Open(folder, TestLedger.SmallCounters, null))
        {
            for (ulong key = 0; key < Keys; key++) store.Write(KeyOf(key), new TestCounter { Total = (long)key + 1 });
            bool stop = false;
            // Many times the memory, but not without end: what is written while the checkpoint waits for its turn is read by the recovery, page by page.
            Task writer = Task.Run(() =>
            {
                for (ulong i = 0; i < 20 * Keys && !Volatile.Read(ref stop); i++) store.Write(KeyOf(i % Keys), new TestCounter { Total = (long)(i % Keys) + 1 });
            });
            try
            {
                checkpoint = await store.CheckpointAsync();
            }
            catch (StorageException e)
            {
                Assert.Contains("faster than", e.Message, StringComparison.Ordinal);
                Assert.Null(store.Fault);
            }

            Volatile.Write(ref stop, true);
            await writer;
            checkpoint ??= await store.CheckpointAsync();
        }

        await AssertHoldsAllAsync(folder, TestLedger.SmallCounters, checkpoint.Value);
    }

    [Fact]
    public async Task CheckpointAsync_overtaken_by_more_than_memory_holds_is_refused_and_the_next_one_opens()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        Guid checkpoint;
        using (Overtaken overtaken = new(folder))
        {
            StorageException refused = await Assert.ThrowsAsync<StorageException>(() => overtaken.CheckpointAsync(writesMeanwhile: 60_000));
            Assert.Contains("faster than", refused.Message, StringComparison.Ordinal);
            Assert.Null(overtaken.Store.Fault);
            checkpoint = await overtaken.Store.CheckpointAsync();
        }

        await AssertHoldsAllAsync(folder, Overtaken.Options, checkpoint);
    }

    [Fact]
    public async Task Open_of_a_checkpoint_overtaken_by_less_than_memory_holds_succeeds_and_with_less_memory_is_refused()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        Guid checkpoint;
        // 52 pages, of which 28 stay in memory.
        using (Overtaken overtaken = new(folder)) checkpoint = await overtaken.CheckpointAsync(writesMeanwhile: 5300);
        CounterStoreOptions less = Overtaken.Options with { MemoryPages = Overtaken.Options.MemoryPages / 2 };
        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => OpenAsync(folder, less, checkpoint));
        Assert.Contains("overtaken by more writes", refused.Message, StringComparison.Ordinal);
        await AssertHoldsAllAsync(folder, Overtaken.Options, checkpoint);
    }

    /// <summary>FASTER's recovery waits for ever on what it cannot read; a test does not.</summary>
    private static Task<CounterStore<TestCounter>> OpenAsync(DataFolder folder, CounterStoreOptions options, Guid checkpoint) =>
        Task.Run(() => CounterStore<TestCounter>.Open(folder, options, checkpoint)).WaitAsync(TimeSpan.FromSeconds(60));

    private static async Task AssertHoldsAllAsync(DataFolder folder, CounterStoreOptions options, Guid checkpoint)
    {
        using CounterStore<TestCounter> opened = await OpenAsync(folder, options, checkpoint);
        for (ulong key = 0; key < Overtaken.Keys; key++)
        {
            Assert.True(opened.TryRead(KeyOf(key), out TestCounter counter));
            Assert.Equal((long)key + 1, counter.Total);
        }
    }

    private static CounterKey KeyOf(ulong key) => new(key % 3, key);

    /// <summary>A store whose checkpoint is held up, past its beginning, until others have written.</summary>
    private sealed class Overtaken : IDisposable
    {
        internal const ulong Keys = 6000;

        private readonly ManualResetEventSlim _written = new();
        private volatile bool _holds;

        internal Overtaken(DataFolder folder)
        {
            // Files of a checkpoint are written by pool threads, the log by a thread of its own.
            Store = CounterStore<TestCounter>.Open(folder, Options, null, () =>
            {
                if (_holds && Thread.CurrentThread.IsThreadPoolThread) _written.Wait(TimeSpan.FromSeconds(60));
            });
            Write(Keys);
        }

        /// <summary>Without compactions: behind one the checkpoint would begin on another thread.</summary>
        internal static CounterStoreOptions Options { get; } = TestLedger.SmallCounters with { MemoryPages = 32, CompactAboveBytes = 1 << 30 };

        internal CounterStore<TestCounter> Store { get; }

        internal async Task<Guid> CheckpointAsync(ulong writesMeanwhile)
        {
            Task<Guid>? checkpoint = null;
            _holds = true;
            Thread writer = new(() =>
            {
                checkpoint = Store.CheckpointAsync();
                Write(writesMeanwhile);
                _written.Set();
            });
            writer.Start();
            Assert.True(writer.Join(TimeSpan.FromSeconds(60)));
            return await checkpoint!;
        }

        public void Dispose()
        {
            Store.Dispose();
            _written.Dispose();
        }

        private void Write(ulong count)
        {
            for (ulong i = 0; i < count; i++) Store.Write(KeyOf(i % Keys), new TestCounter { Total = (long)(i % Keys) + 1 });
        }
    }
}
