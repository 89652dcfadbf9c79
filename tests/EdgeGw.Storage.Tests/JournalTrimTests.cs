using EdgeGw.Storage.CrashWriter;

namespace EdgeGw.Storage.Tests;

/// <summary>The journal is cut down after checkpoints: bounded on disk, never by what a restart needs, whatever moment a crash chooses.</summary>
public sealed class JournalTrimTests
{
    // The part in use, and one segment allocated ahead while a checkpoint runs.
    private const long Slack = 2 * (64 << 10);

    [Fact]
    public async Task Journal_trimmed_after_each_checkpoint_stays_bounded_and_restarts_right()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        long written = 0;
        for (int life = 0; life < 5; life++)
        {
            await using TestLedger ledger = TestLedger.Open(folder);
            Assert.Equal(written, ledger.LastSequence);
            AssertTotals(ledger);
            for (int round = 0; round < 10; round++)
            {
                for (int i = 0; i < 1500; i++)
                {
                    (ulong key, long amount) = TrimWriter.Record(++written);
                    ledger.Increment(key, amount);
                }

                await ledger.CheckpointAndTrimAsync(TrimWriter.MaxBytes);
                Assert.InRange(SizeOf(temp), 1, TrimWriter.MaxBytes + Slack);
            }

            Assert.True(ledger.BeginAddress > 64);
        }

        await using TestLedger last = TestLedger.Open(folder);
        AssertTotals(last);
    }

    [Fact]
    public async Task Trim_keeps_what_a_replay_needs_however_small_the_size()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
        for (int i = 0; i < 400; i++) journal.Append(1, 1, JournalRoundTripTests.Payload(i, 500));
        JournalPosition covered = journal.Position;
        for (int i = 400; i < 900; i++) journal.Append(1, 1, JournalRoundTripTests.Payload(i, 500));
        await journal.WaitDurableAsync(journal.LastSequence);

        Assert.True(await journal.TrimAsync(covered.Address, DateTimeOffset.MaxValue, 0));

        Assert.InRange(journal.BeginAddress, covered.Address - (64 << 10), covered.Address);
        List<long> replayed = [];
        journal.Replay(covered, (in JournalRecord record) => replayed.Add(record.Sequence));
        Assert.Equal(Enumerable.Range(401, 500).Select(i => (long)i), replayed);
    }

    [Fact]
    public async Task Trim_gives_up_segments_by_age_alone_and_keeps_younger_ones()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
        for (int i = 0; i < 600; i++) journal.Append(1, 1, JournalRoundTripTests.Payload(i, 500));
        await journal.WaitDurableAsync(journal.LastSequence);
        DateTime old = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(temp.Segment(0), old);
        File.SetLastWriteTimeUtc(temp.Segment(1), old.AddDays(8));
        DateTimeOffset keepSince = new(old.AddDays(7));

        Assert.True(await journal.TrimAsync(journal.Position.Address, keepSince, long.MaxValue));
        Assert.Equal(64 << 10, journal.BeginAddress);
        Assert.False(File.Exists(temp.Segment(0)));
        Assert.True(File.Exists(temp.Segment(1)));
        Assert.False(await journal.TrimAsync(journal.Position.Address, keepSince, long.MaxValue));
    }

    [Fact]
    public async Task Segments_that_a_crash_left_behind_go_with_the_next_trim()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using (Journal journal = Journal.Open(folder, JournalOf.SmallOptions))
        {
            for (int i = 0; i < 600; i++) journal.Append(1, 1, JournalRoundTripTests.Payload(i, 500));
            await journal.WaitDurableAsync(journal.LastSequence);
            byte[] first = await File.ReadAllBytesAsync(temp.Segment(0));
            await journal.TrimAsync(journal.Position.Address, DateTimeOffset.MaxValue, 0);
            await File.WriteAllBytesAsync(temp.Segment(0), first);
        }

        await using Journal again = Journal.Open(folder, JournalOf.SmallOptions);
        long begin = again.BeginAddress;
        Assert.True(await again.TrimAsync(again.Position.Address, DateTimeOffset.MaxValue, 0));
        Assert.False(File.Exists(temp.Segment(0)));
        Assert.Equal(begin, again.BeginAddress);
        Assert.Equal(600, again.LastSequence);
    }

    [Fact]
    public async Task Trim_whose_disk_call_fails_faults_the_journal_and_the_restart_has_everything()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        ControlledFiles? files = null;
        await using (Journal journal = Journal.Open(folder, JournalOf.SmallOptions,
            made => files = new ControlledFiles(new SegmentFiles(made.Path, made.SegmentBytes))))
        {
            for (int i = 0; i < 600; i++) journal.Append(1, 1, JournalRoundTripTests.Payload(i, 500));
            await journal.WaitDurableAsync(600);
            // The second of the segments that go cannot be removed.
            files!.FailAt = files.Calls + 2;
            await Assert.ThrowsAsync<StorageException>(() => journal.TrimAsync(journal.Position.Address, DateTimeOffset.MaxValue, 0));
            Assert.NotNull(journal.Fault);
        }

        await using Journal again = Journal.Open(folder, JournalOf.SmallOptions);
        Assert.Equal(600, again.LastSequence);
        long next = 0;
        again.Replay(0, (in JournalRecord record) => next = next == 0 || record.Sequence == next ? record.Sequence + 1 : long.MinValue);
        Assert.Equal(601, next);
    }

    [Fact]
    public async Task Ledger_killed_at_any_moment_around_truncations_has_every_record_counted_once()
    {
        using TempFolder temp = new();
        Random random = new(815);
        int kills = FaultScale.Of(ci: 20, release: 300);
        long begin = 0;
        // Twice what may stay, so that the first checkpoint already truncates.
        using (DataFolder filled = DataFolder.Open(temp.Path))
        {
            await using TestLedger ledger = TestLedger.Open(filled);
            for (long sequence = 1; sequence <= 12_000; sequence++)
            {
                (ulong key, long amount) = TrimWriter.Record(sequence);
                ledger.Increment(key, amount);
            }
        }

        for (int kill = 0; kill < kills; kill++)
        {
            using CrashWriterProcess writer = new("trim", temp.Path);
            await writer.FirstLine;
            await Task.Delay(random.Next(250));
            List<Acknowledgement> acknowledged = await writer.KillAsync();
            using DataFolder folder = DataFolder.Open(temp.Path);
            await using TestLedger ledger = TestLedger.Open(folder);
            AssertTotals(ledger);
            Assert.True(ledger.LastSequence >= acknowledged.Select(told => told.Sequence).Append(0).Max());
            Assert.True(ledger.BeginAddress >= begin);
            begin = ledger.BeginAddress;
        }

        Assert.True(begin > 64);
    }

    private static void AssertTotals(TestLedger ledger)
    {
        long[] totals = TrimWriter.TotalsAt(ledger.LastSequence);
        for (int key = 0; key < totals.Length; key++) Assert.Equal(totals[key], ledger.TotalOf((ulong)key));
    }

    private static long SizeOf(TempFolder temp) => new DirectoryInfo(temp.Journal).EnumerateFiles("segment.*").Sum(file => file.Length);
}
