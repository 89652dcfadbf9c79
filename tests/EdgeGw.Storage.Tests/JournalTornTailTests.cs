using EdgeGw.Storage.CrashWriter;

namespace EdgeGw.Storage.Tests;

/// <summary>What a crash may do to the end of the log that nobody was told is durable, and what it may not do to the rest.</summary>
public sealed class JournalTornTailTests
{
    private const int Acknowledged = 50;
    private const int All = 60;

    public static TheoryData<string> Damages => ["cut", "zero", "garbage"];

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Open_after_an_unacknowledged_tail_was_torn_at_any_byte_keeps_a_true_prefix(string damage)
    {
        using TempFolder whole = new();
        (long tornFrom, long end, List<(byte, byte, byte[])> written) = await WriteWithUnacknowledgedTailAsync(whole);
        for (long at = tornFrom; at <= end; at += at > end - 100 ? 1 : 13)
        {
            using TempFolder torn = whole.Copy();
            Damage(torn.Segment(0), damage, at, end);
            int kept;
            using (DataFolder folder = DataFolder.Open(torn.Path))
            {
                await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
                kept = (int)journal.LastSequence;
                Assert.InRange(kept, Acknowledged, All);
                if (damage != "garbage" && at == end) Assert.Equal(All, kept);
                JournalRoundTripTests.AssertEqual(written[..kept], TempFolder.ReadAll(journal));
                // What comes next takes the place of the torn records.
                Assert.Equal(kept + 1, journal.Append(77, 1, [7, 7]));
            }

            List<(byte, byte, byte[])> after = await torn.ReadJournalAsync();
            JournalRoundTripTests.AssertEqual([.. written[..kept], (77, 1, [7, 7])], after);
        }
    }

    [Fact]
    public async Task Open_reports_how_much_was_torn_and_the_next_open_finds_it_clean()
    {
        using TempFolder temp = new();
        (long tornFrom, long end, _) = await WriteWithUnacknowledgedTailAsync(temp);
        Damage(temp.Segment(0), "garbage", tornFrom + 1, end);
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using (Journal journal = Journal.Open(folder, JournalOf.SmallOptions))
        {
            Assert.Equal(Acknowledged, journal.LastSequence);
            Assert.InRange(journal.Recovery.TornTailBytes, 1, end - tornFrom + 4096);
        }

        await using Journal again = Journal.Open(folder, JournalOf.SmallOptions);
        Assert.Equal(new JournalRecovery(Acknowledged, Acknowledged, 0), again.Recovery);
    }

    [Fact]
    public async Task Open_when_a_later_record_proves_that_the_damaged_one_was_acknowledged_refuses()
    {
        using TempFolder whole = new();
        byte[] commitFile;
        using (DataFolder folder = DataFolder.Open(whole.Path))
        {
            await using (Journal journal = Journal.Open(folder, JournalOf.SmallOptions)) journal.Append(1, 1, [1]);
            commitFile = await File.ReadAllBytesAsync(whole.Commit);
            await using (Journal journal = Journal.Open(folder, JournalOf.SmallOptions))
            {
                for (int i = 2; i <= 20; i++) await journal.WaitDurableAsync(journal.Append(1, 1, JournalRoundTripTests.Payload(i, 40)));
            }
        }

        // The commit file as a crash right after these commits would leave it: it knows of the first record only.
        await File.WriteAllBytesAsync(whole.Commit, commitFile);
        Assert.Equal(20, (await whole.ReadJournalAsync()).Count);
        await File.WriteAllBytesAsync(whole.Commit, commitFile);
        byte[] segment = await File.ReadAllBytesAsync(whole.Segment(0));
        int tenth = segment.AsSpan().IndexOf(JournalRoundTripTests.Payload(10, 40));
        segment[tenth + 5] ^= 4;
        await File.WriteAllBytesAsync(whole.Segment(0), segment);
        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => whole.ReadJournalAsync());
        Assert.Contains(whole.Segment(0), refused.Message, StringComparison.Ordinal);
        Assert.Contains("after record 9,", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_when_the_log_is_cut_anywhere_inside_the_committed_range_refuses()
    {
        using TempFolder whole = new();
        using (DataFolder folder = DataFolder.Open(whole.Path))
        {
            await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
            for (int i = 0; i < 40; i++) journal.Append(1, 1, JournalRoundTripTests.Payload(i, 100));
        }

        byte[] segment = await File.ReadAllBytesAsync(whole.Segment(0));
        int end = segment.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        for (int at = 64; at < end; at += 61)
        {
            using TempFolder cut = whole.Copy();
            Damage(cut.Segment(0), "cut", at, end);
            await Assert.ThrowsAsync<StorageException>(() => cut.ReadJournalAsync());
        }
    }

    /// <summary>50 records known to the commit file, then 10 that were written but of which nothing on disk says they were durable.</summary>
    private static async Task<(long TornFrom, long End, List<(byte, byte, byte[])> Written)> WriteWithUnacknowledgedTailAsync(TempFolder temp)
    {
        List<(byte, byte, byte[])> written = [.. Enumerable.Range(0, All).Select(i => ((byte)i, (byte)1, JournalRoundTripTests.Payload(i, 20 + i)))];
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using (Journal journal = Journal.Open(folder, JournalOf.SmallOptions))
        {
            foreach ((byte type, byte version, byte[] payload) in written[..Acknowledged]) journal.Append(type, version, payload);
        }

        byte[] commitFile = await File.ReadAllBytesAsync(temp.Commit);
        ControlledFiles? files = null;
        long tornFrom;
        Journal held = Journal.Open(folder, JournalOf.SmallOptions, made => files = new ControlledFiles(new SegmentFiles(made.Path, made.SegmentBytes)));
        tornFrom = held.Position.Address;
        files!.MayWrite.Reset();
        foreach ((byte type, byte version, byte[] payload) in written[Acknowledged..]) held.Append(type, version, payload);
        files.MayWrite.Set();
        await held.DisposeAsync();
        await File.WriteAllBytesAsync(temp.Commit, commitFile);
        byte[] segment = await File.ReadAllBytesAsync(temp.Segment(0));
        return (tornFrom, segment.AsSpan().LastIndexOfAnyExcept((byte)0) + 1, written);
    }

    private static void Damage(string path, string damage, long at, long end)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
        if (damage == "cut")
        {
            file.SetLength(at);
            return;
        }

        byte[] bytes = new byte[end - at];
        if (damage == "garbage") new Random((int)at).NextBytes(bytes);
        file.Position = at;
        file.Write(bytes);
    }
}
