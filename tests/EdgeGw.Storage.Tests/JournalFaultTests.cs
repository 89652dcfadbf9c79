using EdgeGw.Storage.CrashWriter;

namespace EdgeGw.Storage.Tests;

/// <summary>After the first write or sync that fails nothing is acknowledged, nothing is tried again, and all that was acknowledged is there.</summary>
public sealed class JournalFaultTests
{
    [Fact]
    public async Task Journal_whose_kth_disk_call_fails_faults_for_good_and_loses_nothing_acknowledged()
    {
        for (int k = 1; k <= 120; k++)
        {
            using TempFolder temp = new();
            long acknowledged = await WriteUntilFaultAsync(temp, k, sticky: k % 2 == 0, shortWrite: k % 3 == 0 ? 100 : 0);
            List<(byte, byte, byte[])> recovered = await temp.ReadJournalAsync();
            Assert.InRange(recovered.Count, acknowledged, 400);
            JournalRoundTripTests.AssertEqual([.. Enumerable.Range(0, recovered.Count).Select(Record)], recovered);
        }
    }

    [Fact]
    public async Task Fault_is_told_to_waiters_to_appenders_and_to_Faulted()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        ControlledFiles? files = null;
        await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions,
            made => files = new ControlledFiles(new SegmentFiles(made.Path, made.SegmentBytes)));
        await journal.WaitDurableAsync(journal.Append(1, 1, [1]));
        Assert.Null(journal.Fault);
        files!.FailAt = files.Calls + 1;
        files.MayWrite.Reset();
        long lost = journal.Append(1, 1, [2]);
        Assert.True(files.WriteWaits.Wait(TimeSpan.FromSeconds(10)));
        long alsoLost = journal.Append(1, 1, [3]);
        Task[] waits = [journal.WaitDurableAsync(lost).AsTask(), journal.WaitDurableAsync(alsoLost).AsTask()];
        files.MayWrite.Set();
        foreach (Task wait in waits) await Assert.ThrowsAsync<StorageException>(() => wait.WaitAsync(TimeSpan.FromSeconds(10)));
        StorageException fault = await journal.Faulted.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Same(fault, journal.Fault);
        Assert.Contains("injected failure", fault.Message, StringComparison.Ordinal);
        Assert.Throws<StorageException>(() => journal.Append(1, 1, [4]));
        await Assert.ThrowsAsync<StorageException>(async () => await journal.WaitDurableAsync(lost));
        await journal.WaitDurableAsync(1);
        Assert.Equal(0, files.CallsAfterFailure);
        Assert.Single(TempFolder.ReadAll(journal));
    }

    [Fact]
    public async Task Append_that_waits_for_room_is_released_by_the_fault()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        ControlledFiles? files = null;
        await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions with { MemoryPages = 8 },
            made => files = new ControlledFiles(new SegmentFiles(made.Path, made.SegmentBytes)));
        files!.MayWrite.Reset();
        files.FailAt = files.Calls + 1;
        Task writer = Task.Run(() =>
        {
            while (true) journal.Append(1, 1, new byte[1000]);
        });
        Assert.True(files.WriteWaits.Wait(TimeSpan.FromSeconds(10)));
        files.MayWrite.Set();
        await Assert.ThrowsAsync<StorageException>(() => writer.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    private static async Task<long> WriteUntilFaultAsync(TempFolder temp, int k, bool sticky, int shortWrite)
    {
        using DataFolder folder = DataFolder.Open(temp.Path);
        ControlledFiles? files = null;
        Journal journal = Journal.Open(folder, JournalOf.SmallOptions, made => files = new ControlledFiles(new SegmentFiles(made.Path, made.SegmentBytes)));
        files!.FailAt = files.Calls + k;
        files.Sticky = sticky;
        files.ShortWriteBytes = shortWrite;
        long acknowledged = 0;
        try
        {
            for (int i = 0; i < 400; i++)
            {
                (byte type, byte version, byte[] payload) = Record(i);
                long sequence = journal.Append(type, version, payload);
                if (i % 3 != 0) continue;
                await journal.WaitDurableAsync(sequence);
                acknowledged = sequence;
            }
        }
        catch (StorageException)
        {
            Assert.NotNull(journal.Fault);
        }

        await journal.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        return acknowledged;
    }

    private static (byte Type, byte Version, byte[] Payload) Record(int i) => ((byte)i, 1, JournalRoundTripTests.Payload(i, (i * 131) % 900));
}
