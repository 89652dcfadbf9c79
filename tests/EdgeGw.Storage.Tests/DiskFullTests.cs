using EdgeGw.Storage.CrashWriter;

namespace EdgeGw.Storage.Tests;

/// <summary>A real disk without room: whatever was acknowledged is there once it has room again.</summary>
public sealed class DiskFullTests
{
    [RequiresLoopMountFact]
    public Task Ledger_whose_disk_fills_up_and_is_freed_has_every_acknowledged_record_counted_once() => FillAsync(LoopFileSystem.Ext4, 16 << 20);

    [RequiresXfsFact]
    public Task Ledger_on_xfs_whose_disk_fills_up_and_is_freed_has_every_acknowledged_record_counted_once() =>
        FillAsync(LoopFileSystem.Xfs, LoopFileSystem.LeastXfsBytes);

    private static async Task FillAsync(string kind, long bytes)
    {
        int cycles = FaultScale.Of(ci: 3, release: 30);
        Random random = new(271828);
        using LoopFileSystem disk = LoopFileSystem.Create(bytes, kind);
        string path = Path.Combine(disk.Path, "data");
        int faults = 0, failedCheckpoints = 0, refusedStarts = 0;
        for (int cycle = 0; cycle < cycles; cycle++)
        {
            long acknowledged;
            using (DataFolder folder = DataFolder.Open(path))
            {
                await using TestLedger ledger = TestLedger.Open(folder);
                disk.Fill(butBytes: random.Next(4, 1024) << 10);
                (acknowledged, bool faulted, int failed) = await WriteUntilFullAsync(ledger);
                faults += faulted ? 1 : 0;
                failedCheckpoints += failed;
                disk.Fill();
            }

            refusedStarts += await StartsAsync(path, acknowledged) ? 0 : 1;
            disk.Free();
            Assert.True(await StartsAsync(path, acknowledged), "freed, and still no start");
        }

        disk.Unmount();
        Assert.True(faults > 0 && failedCheckpoints > 0, $"{faults} faults and {failedCheckpoints} failed checkpoints in {cycles} cycles, {refusedStarts} refused starts");
    }

    /// <summary>Writes with checkpoints in between until the journal takes nothing more, or for a while where the room suffices.</summary>
    private static async Task<(long Acknowledged, bool Faulted, int FailedCheckpoints)> WriteUntilFullAsync(TestLedger ledger)
    {
        long acknowledged = ledger.DurableSequence;
        int failed = 0;
        try
        {
            for (int i = 0; i < 60_000; i++)
            {
                (ulong key, long amount) = TrimWriter.Record(ledger.LastSequence + 1);
                long sequence = ledger.Increment(key, amount);
                if (i % 100 == 0)
                {
                    await ledger.WaitDurableAsync(sequence);
                    acknowledged = sequence;
                }

                if (i % 400 != 399) continue;
                try
                {
                    await ledger.CheckpointAsync();
                }
                catch (StorageException e) when (ledger.JournalFault is null && ledger.CountersFault is null)
                {
                    AssertNamesTheFullDisk(e);
                    failed++;
                }
            }

            return (acknowledged, false, failed);
        }
        catch (StorageException e)
        {
            Assert.True(ledger.JournalFault is not null || ledger.CountersFault is not null, e.ToString());
            AssertNamesTheFullDisk(e);
            Assert.Throws<StorageException>(() => ledger.Increment(1, 1));
            return (acknowledged, true, failed);
        }
    }

    // The framework has words of its own where it could not allocate.
    private static void AssertNamesTheFullDisk(StorageException e) => Assert.Matches("No space left|disk was full", e.Message);

    /// <returns>False where the start was refused for want of room.</returns>
    private static async Task<bool> StartsAsync(string path, long acknowledged)
    {
        try
        {
            using DataFolder folder = DataFolder.Open(path);
            await using TestLedger ledger = TestLedger.Open(folder);
            Assert.True(ledger.LastSequence >= acknowledged, $"{acknowledged} acknowledged, {ledger.LastSequence} there");
            long[] totals = TrimWriter.TotalsAt(ledger.LastSequence);
            for (int key = 0; key < totals.Length; key++) Assert.Equal(totals[key], ledger.TotalOf((ulong)key));
            await ledger.CheckpointAndTrimAsync(TrimWriter.MaxBytes);
            return true;
        }
        catch (StorageException e)
        {
            AssertNamesTheFullDisk(e);
            return false;
        }
    }
}
