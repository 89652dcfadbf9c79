using System.Collections.Concurrent;
using System.Diagnostics;
using EdgeGw.Storage.CrashWriter;

namespace EdgeGw.Storage.Tests;

public sealed class JournalDurabilityTests
{
    [Fact]
    public async Task WaitDurable_for_a_lone_record_returns_when_it_is_on_disk()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
        for (int i = 1; i <= 50; i++)
        {
            long sequence = journal.Append(3, 1, [1, 2, 3]);
            await journal.WaitDurableAsync(sequence);
            Assert.True(journal.DurableSequence >= sequence);
            Assert.Equal(i, sequence);
        }

        Assert.Equal(50, TempFolder.ReadAll(journal).Count);
    }

    [Fact]
    public async Task WaitDurable_of_a_durable_record_is_synchronous_and_allocates_nothing()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
        long sequence = journal.Append(1, 1, [1]);
        await journal.WaitDurableAsync(sequence);
        Assert.Equal(0, AllocatedBy(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                ValueTask wait = journal.WaitDurableAsync(sequence);
                if (!wait.IsCompletedSuccessfully) throw new UnreachableException();
            }
        }));
    }

    [Fact]
    public async Task WaitDurable_never_completes_before_the_write_does()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        ControlledFiles? files = null;
        await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions,
            made => files = new ControlledFiles(new SegmentFiles(made.Path, made.SegmentBytes)));
        files!.MayWrite.Reset();
        long first = journal.Append(1, 1, [1]);
        Assert.True(files.WriteWaits.Wait(TimeSpan.FromSeconds(10)));
        long second = journal.Append(1, 1, [2]);
        Task[] waits = [journal.WaitDurableAsync(first).AsTask(), journal.WaitDurableAsync(second).AsTask(), journal.WaitDurableAsync(second).AsTask()];
        Assert.All(waits, wait => Assert.False(wait.IsCompleted));
        Assert.Equal(0, journal.DurableSequence);
        using CancellationTokenSource givesUp = new();
        ValueTask cancelled = journal.WaitDurableAsync(second, givesUp.Token);
        await givesUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await cancelled);
        files.MayWrite.Set();
        await Task.WhenAll(waits).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(2, journal.DurableSequence);
    }

    [Fact]
    public async Task WaitDurable_of_a_sequence_not_given_out_is_refused()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await journal.WaitDurableAsync(1));
    }

    [Fact]
    public async Task Append_from_many_threads_orders_each_ones_records_and_returns_their_true_sequence()
    {
        const int Writers = 8, Each = 3000;
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
        ConcurrentDictionary<long, (int Writer, int Number)> returned = [];
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (int number = 0; number < Each; number++)
            {
                long sequence = journal.Append((byte)writer, 1, BitConverter.GetBytes(number));
                Assert.True(returned.TryAdd(sequence, (writer, number)));
                if (number % 100 == 0) await journal.WaitDurableAsync(sequence);
            }
        })));
        await journal.WaitDurableAsync(journal.LastSequence);
        int[] next = new int[Writers];
        journal.Replay(0, (in JournalRecord record) =>
        {
            int number = BitConverter.ToInt32(record.Payload);
            Assert.Equal((record.Type, number), returned[record.Sequence]);
            Assert.Equal(next[record.Type]++, number);
        });
        Assert.All(next, count => Assert.Equal(Each, count));
    }

    [Fact]
    public async Task Append_when_half_the_memory_is_unwritten_waits_for_the_disk()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        ControlledFiles? files = null;
        JournalOptions options = JournalOf.SmallOptions with { MemoryPages = 8 };
        await using Journal journal = Journal.Open(folder, options, made => files = new ControlledFiles(new SegmentFiles(made.Path, made.SegmentBytes)));
        files!.MayWrite.Reset();
        Task writer = Task.Run(() =>
        {
            for (int i = 0; i < 500; i++) journal.Append(1, 1, JournalRoundTripTests.Payload(i, 1000));
        });
        Assert.True(files.WriteWaits.Wait(TimeSpan.FromSeconds(10)));
        await Assert.ThrowsAsync<TimeoutException>(() => writer.WaitAsync(TimeSpan.FromMilliseconds(200)));
        Assert.InRange(journal.LastSequence, 10, 24);
        files.MayWrite.Set();
        await writer.WaitAsync(TimeSpan.FromSeconds(30));
        await journal.WaitDurableAsync(500);
        Assert.Equal(500, TempFolder.ReadAll(journal).Count);
    }

    [Fact]
    public async Task Append_after_dispose_is_refused_and_dispose_kept_everything()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
        for (int i = 0; i < 1000; i++) journal.Append(1, 1, [1, 2, 3]);
        await journal.DisposeAsync();
        await journal.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => journal.Append(1, 1, [1]));
        await using Journal reopened = Journal.Open(folder, JournalOf.SmallOptions);
        Assert.Equal(1000, reopened.LastSequence);
        Assert.Equal(1000, reopened.DurableSequence);
    }

    [Fact]
    public async Task Append_allocates_nothing_once_the_pages_are_in_memory()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
        byte[] payload = new byte[100];
        for (int i = 0; i < 3000; i++) journal.Append(1, 1, payload);
        await journal.WaitDurableAsync(journal.LastSequence);
        // 100 records cross some page ends, where FASTER makes a few small objects to write the page.
        Assert.InRange(AllocatedBy(() =>
        {
            for (int i = 0; i < 100; i++) journal.Append(1, 1, payload);
        }), 0, 100 * 100);
    }

    [Fact]
    public async Task HasRoomForHolds_follows_the_free_space()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using (Journal roomy = Journal.Open(folder, JournalOf.SmallOptions with { MinimumFreeBytes = 1 })) Assert.True(roomy.HasRoomForHolds);
        await using Journal full = Journal.Open(folder, JournalOf.SmallOptions with { MinimumFreeBytes = long.MaxValue });
        Assert.False(full.HasRoomForHolds);
        await full.WaitDurableAsync(full.Append(1, 1, [1]));
    }

    private static long AllocatedBy(Action action)
    {
        action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
