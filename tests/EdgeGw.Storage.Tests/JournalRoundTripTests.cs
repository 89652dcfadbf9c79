using EdgeGw.Storage.CrashWriter;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Storage.Tests;

public sealed class JournalRoundTripTests
{
    [Fact]
    public void Journal_any_records_over_any_restarts_come_back_in_order()
    {
        Gen<(byte, int, bool)[]> records = Gen.ArrayOf(
            from type in Gen.Choose(0, 255)
            from size in Gen.Frequency((6, Gen.Choose(0, 300)), (2, Gen.Choose(0, 2048)), (1, Gen.Elements(2047, 2048, 2044)))
            from restart in Gen.Frequency((12, Gen.Constant(false)), (1, Gen.Constant(true)))
            select ((byte)type, size, restart));
        Prop.ForAll(records.ToArbitrary(), items => RoundTripAsync(items).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40).WithEndSize(200));
    }

    [Fact]
    public async Task Journal_page_filled_exactly_at_the_end_recovers()
    {
        // Every size from one that leaves much of the page to one that does not fit: some fill it to the last byte, also with the
        // commit record's entry.
        for (int size = 0; size < 220; size += 4)
        {
            using TempFolder temp = new();
            List<(byte, byte, byte[])> written = [];
            for (int round = 0; round < 3; round++)
            {
                using DataFolder folder = DataFolder.Open(temp.Path);
                await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
                Assert.Equal(written.Count, journal.LastSequence);
                foreach (int length in (int[])[1800, 1800, size])
                {
                    byte[] payload = Payload(written.Count, length);
                    journal.Append(1, 2, payload);
                    written.Add((1, 2, payload));
                }
            }

            AssertEqual(written, await temp.ReadJournalAsync());
        }
    }

    [Fact]
    public async Task Append_largest_payload_round_trips_and_larger_is_refused()
    {
        using TempFolder temp = new();
        JournalOptions options = new() { SegmentBytes = 4 << 20 };
        byte[] largest = Payload(7, 512 << 10);
        using (DataFolder folder = DataFolder.Open(temp.Path))
        {
            await using Journal journal = Journal.Open(folder, options);
            Assert.Equal(largest.Length, journal.MaxPayloadBytes);
            for (int i = 0; i < 9; i++) journal.Append(9, 9, largest);
            ArgumentException refused = Assert.Throws<ArgumentException>(() => journal.Append(9, 9, new byte[largest.Length + 1]));
            Assert.Contains("524289", refused.Message, StringComparison.Ordinal);
        }

        List<(byte Type, byte Version, byte[] Payload)> read = await temp.ReadJournalAsync(options);
        Assert.Equal(9, read.Count);
        Assert.All(read, record => Assert.Equal(largest, record.Payload));
    }

    [Fact]
    public async Task Replay_from_a_position_visits_exactly_what_came_after()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        List<JournalPosition> positions = [];
        await using (Journal journal = Journal.Open(folder, JournalOf.SmallOptions))
        {
            for (int i = 0; i < 200; i++)
            {
                positions.Add(journal.Position);
                journal.Append(1, 1, Payload(i, 10 * i));
                if (i % 7 == 0) await journal.WaitDurableAsync(journal.LastSequence);
            }

            positions.Add(journal.Position);
        }

        await using Journal reopened = Journal.Open(folder, JournalOf.SmallOptions);
        foreach (JournalPosition position in positions)
        {
            List<long> seen = [];
            reopened.Replay(position, (in JournalRecord record) => seen.Add(record.Sequence));
            Assert.Equal(Enumerable.Range((int)position.Sequence + 1, 200 - (int)position.Sequence).Select(i => (long)i), seen);
        }
    }

    [Fact]
    public async Task Replay_from_beyond_the_end_is_refused()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
        Assert.Throws<StorageException>(() => journal.Replay(new JournalPosition(journal.Position.Address + 4096, 0), static (in JournalRecord _) => { }));
    }

    [Fact]
    public async Task Truncate_removes_old_segments_and_keeps_the_rest()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        JournalPosition cut = default;
        await using (Journal journal = Journal.Open(folder, JournalOf.SmallOptions))
        {
            for (int i = 0; i < 600; i++)
            {
                if (i == 400) cut = journal.Position;
                journal.Append(1, 1, Payload(i, 500));
            }

            await journal.TruncateAsync(cut);
            Assert.Equal(cut.Address, journal.BeginAddress);
            Assert.False(File.Exists(temp.Segment(0)));
            for (int i = 600; i < 700; i++) journal.Append(1, 1, Payload(i, 500));
        }

        await using Journal reopened = Journal.Open(folder, JournalOf.SmallOptions);
        Assert.Equal(new JournalRecovery(300, 700, 0), reopened.Recovery);
        long expected = 400;
        reopened.Replay(0, (in JournalRecord record) =>
        {
            Assert.Equal(++expected, record.Sequence);
            Assert.Equal(Payload((int)record.Sequence - 1, 500), record.Payload.ToArray());
        });
        Assert.Equal(700, expected);
    }

    internal static byte[] Payload(int seed, int length)
    {
        byte[] payload = new byte[length];
        new Random(seed).NextBytes(payload);
        return payload;
    }

    internal static void AssertEqual(List<(byte Type, byte Version, byte[] Payload)> expected, List<(byte Type, byte Version, byte[] Payload)> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal((expected[i].Type, expected[i].Version), (actual[i].Type, actual[i].Version));
            Assert.Equal(expected[i].Payload, actual[i].Payload);
        }
    }

    private static async Task RoundTripAsync((byte Type, int Size, bool Restart)[] items)
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        List<(byte, byte, byte[])> written = [];
        Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
        foreach ((byte type, int size, bool restart) in items)
        {
            byte[] payload = Payload(written.Count, size);
            Assert.Equal(written.Count + 1, journal.Append(type, (byte)(type ^ 85), payload));
            written.Add((type, (byte)(type ^ 85), payload));
            if (!restart) continue;
            await journal.DisposeAsync();
            journal = Journal.Open(folder, JournalOf.SmallOptions);
            Assert.Equal(new JournalRecovery(written.Count, written.Count, 0), journal.Recovery);
        }

        await journal.DisposeAsync();
        journal = Journal.Open(folder, JournalOf.SmallOptions);
        AssertEqual(written, TempFolder.ReadAll(journal));
        await journal.DisposeAsync();
    }
}
