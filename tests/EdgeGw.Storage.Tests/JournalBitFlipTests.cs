using EdgeGw.Storage.CrashWriter;

namespace EdgeGw.Storage.Tests;

public sealed class JournalBitFlipTests
{
    [Fact]
    public async Task Open_after_one_flipped_bit_anywhere_gives_every_record_or_refuses()
    {
        using TempFolder whole = new();
        List<(byte, byte, byte[])> written = [];
        using (DataFolder folder = DataFolder.Open(whole.Path))
        {
            await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
            for (int i = 0; i < 300; i++)
            {
                byte[] payload = JournalRoundTripTests.Payload(i, (i * 37) % 400);
                long sequence = journal.Append((byte)i, 3, payload);
                written.Add(((byte)i, 3, payload));
                if (i % 11 == 0) await journal.WaitDurableAsync(sequence);
            }
        }

        int refused = 0, harmless = 0;
        Random random = new(20240817);
        string[] names = [.. Directory.EnumerateFiles(whole.Journal).Select(Path.GetFileName).Order()!];
        for (int flip = 0; flip < 600; flip++)
        {
            using TempFolder flipped = whole.Copy();
            // Mostly in the segment that is full; the others are small or nearly empty.
            string name = Path.Combine(flipped.Journal, flip % 4 == 0 ? names[random.Next(names.Length)] : SegmentFiles.NameOf(0));
            byte[] content = await File.ReadAllBytesAsync(name);
            content[random.Next(content.Length)] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(name, content);
            try
            {
                JournalRoundTripTests.AssertEqual(written, await flipped.ReadJournalAsync());
                harmless++;
            }
            catch (StorageException)
            {
                refused++;
            }
        }

        // Both outcomes must have been met, or the test tests nothing.
        Assert.InRange(refused, 100, 599);
        Assert.InRange(harmless, 1, 500);
    }

    [Fact]
    public async Task Replay_of_a_record_damaged_while_the_journal_is_open_throws()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
        byte[] payload = JournalRoundTripTests.Payload(1, 200);
        for (int i = 0; i < 5; i++) journal.Append(1, 1, payload);
        await journal.WaitDurableAsync(5);
        byte[] segment = await File.ReadAllBytesAsync(temp.Segment(0));
        int at = segment.AsSpan().IndexOf(payload);
        using (FileStream file = new(temp.Segment(0), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = at + 100;
            file.WriteByte((byte)~payload[100]);
        }

        Assert.Throws<StorageException>(() => journal.Replay(0, static (in JournalRecord _) => { }));
    }
}
