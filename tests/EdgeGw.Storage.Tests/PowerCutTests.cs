using System.Buffers.Binary;
using System.Diagnostics;
using EdgeGw.Storage.CrashWriter;

namespace EdgeGw.Storage.Tests;

/// <summary>The filesystem goes down under a writer at a random moment and comes back without anything that had not been synced.</summary>
public sealed class PowerCutTests
{
    [RequiresLoopMountFact]
    public Task Journal_after_a_power_cut_holds_every_acknowledged_record_without_gaps() => CutJournalAsync(LoopFileSystem.Ext4, 512 << 20);

    [RequiresXfsFact]
    public Task Journal_on_xfs_after_a_power_cut_holds_every_acknowledged_record_without_gaps() =>
        CutJournalAsync(LoopFileSystem.Xfs, LoopFileSystem.LeastXfsBytes);

    [RequiresLoopMountFact]
    public Task Ledger_with_checkpoints_and_truncations_after_a_power_cut_has_every_record_counted_once() =>
        CutLedgerAsync(LoopFileSystem.Ext4, 64 << 20);

    [RequiresXfsFact]
    public Task Ledger_on_xfs_with_checkpoints_and_truncations_after_a_power_cut_has_every_record_counted_once() =>
        CutLedgerAsync(LoopFileSystem.Xfs, LoopFileSystem.LeastXfsBytes);

    private static async Task CutJournalAsync(string kind, long bytes)
    {
        int cuts = FaultScale.Of(ci: 5, release: 100);
        Random random = new(31337);
        using LoopFileSystem disk = LoopFileSystem.Create(bytes, kind);
        string path = Path.Combine(disk.Path, "data");
        long acknowledgedInAll = 0;
        for (int cut = 0; cut < cuts; cut++)
        {
            using CrashWriterProcess writer = new("append", path);
            await writer.FirstLine;
            await Task.Delay(random.Next(300));
            List<Acknowledgement> acknowledged = await CutAsync(disk, writer);
            acknowledgedInAll += acknowledged.Count;
            using DataFolder folder = DataFolder.Open(path);
            await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
            Dictionary<long, (int Writer, long Number)> read = [];
            journal.Replay(0, (in JournalRecord record) =>
            {
                Assert.Equal(read.Count + 1, record.Sequence);
                int owner = BinaryPrimitives.ReadInt32LittleEndian(record.Payload);
                long number = BinaryPrimitives.ReadInt64LittleEndian(record.Payload[4..]);
                Assert.True(record.Payload.SequenceEqual(AppendWriter.Record(owner, number)));
                read.Add(record.Sequence, (owner, number));
            });
            foreach (Acknowledgement told in acknowledged) Assert.Equal((told.Writer, told.Number), read[told.Sequence]);
        }

        Assert.True(acknowledgedInAll > cuts);
    }

    private static async Task CutLedgerAsync(string kind, long bytes)
    {
        int cuts = FaultScale.Of(ci: 5, release: 100);
        Random random = new(161803);
        using LoopFileSystem disk = LoopFileSystem.Create(bytes, kind);
        string path = Path.Combine(disk.Path, "data");
        for (int cut = 0; cut < cuts; cut++)
        {
            using CrashWriterProcess writer = new("trim", path);
            await writer.FirstLine;
            await Task.Delay(random.Next(400));
            List<Acknowledgement> acknowledged = await CutAsync(disk, writer);
            using DataFolder folder = DataFolder.Open(path);
            await using TestLedger ledger = TestLedger.Open(folder);
            Assert.True(ledger.LastSequence >= acknowledged.Select(told => told.Sequence).Append(0).Max());
            long[] totals = TrimWriter.TotalsAt(ledger.LastSequence);
            for (int key = 0; key < totals.Length; key++) Assert.Equal(totals[key], ledger.TotalOf((ulong)key));
        }
    }

    /// <returns>
    /// What the writer had been told before the cut began. Nobody is told anything after a real one, but while this one is made, which takes
    /// milliseconds, a sync of a file whose space was reserved can succeed although the filesystem no longer makes the data part of the file:
    /// seen on ext4 and xfs of Linux 6.18 in one of a hundred cuts of a busy machine, never for a record that was acknowledged earlier.
    /// </returns>
    private static async Task<List<Acknowledgement>> CutAsync(LoopFileSystem disk, CrashWriterProcess writer)
    {
        long cutAt = Stopwatch.GetTimestamp();
        disk.ShutDown();
        List<Acknowledgement> acknowledged = await writer.KillAsync(mayHaveEnded: true);
        disk.Remount();
        return [.. acknowledged.Where(told => told.At < cutAt)];
    }
}
