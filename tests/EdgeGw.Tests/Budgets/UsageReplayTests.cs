using System.Buffers;
using EdgeGw.Budgets;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Rollups;
using EdgeGw.Tests.Telemetry;

namespace EdgeGw.Tests.Budgets;

public sealed class UsageReplayTests
{
    [Fact]
    public void Records_of_many_batches_are_all_added_once()
    {
        var (direct, replayed) = (new UsageRollup(), new UsageRollup());
        var replay = new UsageReplay(replayed);
        var random = new Random(1);
        var bytes = 0;
        for (var i = 0; i < 40_000; i++)
        {
            var record = Generators.Few(random);
            direct.Add(record);
            var encoded = Encode(record);
            bytes += encoded.Length;
            replay.Add(encoded);
        }
        Assert.True(bytes > 3 << 20);
        replay.Wait();

        string[] by = ["user", "group", "key", "model", "metadata.team", "day"];
        Assert.Equal(Lines(direct, by), Lines(replayed, by));
        replay.Wait();
        Assert.Equal(Lines(direct, by), Lines(replayed, by));
    }

    [Fact]
    public void Malformed_record_is_thrown_at_who_waits()
    {
        var replay = new UsageReplay(new UsageRollup());
        replay.Add(Encode(Generators.Few(new Random(1)))[..^1]);
        Assert.Throws<InvalidDataException>(replay.Wait);
    }

    [Fact]
    public void Malformed_record_is_thrown_at_who_adds_a_later_one()
    {
        var replay = new UsageReplay(new UsageRollup());
        var record = Encode(Generators.Few(new Random(1)) with { Cost = new NanoUsd(1) });
        replay.Add(record[..^1]);
        Assert.Throws<InvalidDataException>(() =>
        {
            for (var bytes = 0; bytes < 4 << 20; bytes += record.Length)
            {
                replay.Add(record);
            }
        });
    }

    private static List<string> Lines(UsageRollup rollup, string[] by) =>
        [.. rollup.Query(by, DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Select(static row => $"{string.Join('|', row.Values)} {row.Totals}").Order(StringComparer.Ordinal)];

    private static byte[] Encode(UsageRecord record)
    {
        var output = new ArrayBufferWriter<byte>();
        UsageRecordCodec.Write(record, output);
        return output.WrittenSpan.ToArray();
    }
}
