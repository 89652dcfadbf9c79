using EdgeGw.Storage.CrashWriter;

namespace EdgeGw.Storage.Tests;

/// <summary>A power cut in the middle of one large write: its last 64 KiB end at any sector, in nothing, zeros or garbage.</summary>
public sealed class JournalSectorTornTests
{
    private const int TailBytes = 64 << 10;
    private const int SectorBytes = 512;
    private const int Acknowledged = 20;

    [Theory]
    [InlineData("cut")]
    [InlineData("zero")]
    [InlineData("garbage")]
    public async Task Open_after_the_last_write_was_torn_at_any_sector_keeps_what_was_acknowledged_and_a_true_prefix(string damage)
    {
        int logs = FaultScale.Of(ci: 1, release: 10);
        for (int log = 0; log < logs; log++)
        {
            using TempFolder whole = new();
            (List<(byte, byte, byte[])> written, int end) = await WriteAsync(whole, seed: log);
            using TempFolder torn = whole.Copy();
            int before = -1;
            for (int at = (end - TailBytes) / SectorBytes * SectorBytes; at < end; at += SectorBytes)
            {
                Tear(torn.Segment(0), damage, at, end);
                List<(byte, byte, byte[])> kept = await torn.ReadJournalAsync();
                Assert.InRange(kept.Count, Math.Max(before, Acknowledged), written.Count);
                JournalRoundTripTests.AssertEqual(written[..kept.Count], kept);
                before = kept.Count;
                torn.CopyFrom(whole);
            }

            Assert.InRange(before, written.Count / 2, written.Count - 1);
        }
    }

    /// <summary>Acknowledged records, then more than 64 KiB of which nothing on disk says they were.</summary>
    private static async Task<(List<(byte, byte, byte[])> Written, int End)> WriteAsync(TempFolder temp, int seed)
    {
        JournalOptions options = JournalOf.SmallOptions with { SegmentBytes = 256 << 10, MemoryPages = 64 };
        List<(byte, byte, byte[])> written = [];
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using (Journal journal = Journal.Open(folder, options)) Append(journal, Acknowledged);
        byte[] commitFile = await File.ReadAllBytesAsync(temp.Commit);
        ControlledFiles? files = null;
        Journal held = Journal.Open(folder, options, made => files = new ControlledFiles(new SegmentFiles(made.Path, made.SegmentBytes)));
        files!.MayWrite.Reset();
        Append(held, 250);
        files.MayWrite.Set();
        await held.DisposeAsync();
        await File.WriteAllBytesAsync(temp.Commit, commitFile);
        byte[] segment = await File.ReadAllBytesAsync(temp.Segment(0));
        return (written, segment.AsSpan().LastIndexOfAnyExcept((byte)0) + 1);

        void Append(Journal journal, int count)
        {
            for (int i = 0; i < count; i++)
            {
                byte[] payload = JournalRoundTripTests.Payload(written.Count + (seed * 1000), 150 + (written.Count * 37 % 400));
                journal.Append((byte)written.Count, 1, payload);
                written.Add(((byte)written.Count, 1, payload));
            }
        }
    }

    private static void Tear(string path, string damage, int at, int end)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
        if (damage == "cut")
        {
            file.SetLength(at);
            return;
        }

        byte[] bytes = new byte[end - at];
        if (damage == "garbage") new Random(at).NextBytes(bytes);
        file.Position = at;
        file.Write(bytes);
    }
}
