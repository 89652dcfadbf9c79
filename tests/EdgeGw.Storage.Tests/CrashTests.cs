using System.Buffers.Binary;
using EdgeGw.Storage.CrashWriter;

namespace EdgeGw.Storage.Tests;

/// <summary>kill -9 at random moments: whatever had been acknowledged is there, with the right content and without gaps.</summary>
public sealed class CrashTests
{
    private const int Kills = 20;

    [Fact]
    public async Task Journal_of_a_killed_writer_holds_every_acknowledged_record()
    {
        using TempFolder temp = new();
        Random random = new(4711);
        long before = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            using CrashWriterProcess writer = new("append", temp.Path);
            await writer.FirstLine;
            await Task.Delay(random.Next(120));
            List<Acknowledgement> acknowledged = await writer.KillAsync();
            using DataFolder folder = DataFolder.Open(temp.Path);
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
            Assert.True(journal.LastSequence > before);
            foreach (Acknowledgement told in acknowledged) Assert.Equal((told.Writer, told.Number), read[told.Sequence]);
            before = journal.LastSequence;
        }
    }

    [Fact]
    public async Task Ledger_of_a_killed_writer_is_rebuilt_from_checkpoint_and_journal_exactly()
    {
        using TempFolder temp = new();
        Random random = new(42);
        int fromCheckpoint = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            using CrashWriterProcess writer = new("count", temp.Path);
            // On a slow disk no checkpoint would end in so short a time.
            await (kill % 2 == 0 ? writer.FirstCheckpoint : writer.FirstLine);
            await Task.Delay(random.Next(250));
            List<Acknowledgement> acknowledged = await writer.KillAsync();
            using DataFolder folder = DataFolder.Open(temp.Path);
            await using TestLedger ledger = TestLedger.Open(folder);
            Dictionary<ulong, long> expected = ledger.TotalsOfJournal();
            foreach ((ulong key, long total) in expected) Assert.Equal(total, ledger.TotalOf(key));
            Assert.True(ledger.DurableSequence >= acknowledged.Select(told => told.Sequence).Append(0).Max());
            if (new CheckpointStore(folder).LoadLatest() is not null) fromCheckpoint++;
        }

        Assert.True(fromCheckpoint > Kills / 2);
    }
}
