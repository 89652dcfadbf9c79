using System.Buffers;
using EdgeGw.Metering;
using EdgeGw.Requests;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>All rows at one moment, and their binary form: a version first; a newer one is refused. Integrity (CRC) is the storage's business.</summary>
internal sealed class RollupSnapshot(IReadOnlyList<(RollupRow Row, UsageTotals Totals)> rows)
{
    private const byte Version = 1;

    internal void Write(IBufferWriter<byte> output)
    {
        var binary = new BinaryAppender(output);
        binary.Byte(Version);
        binary.Varint((ulong)rows.Count);
        foreach (var (row, totals) in rows)
        {
            WriteKey(ref binary, row.Key);
            binary.Signed(totals.Requests);
            UsageRecordCodec.WriteUsage(ref binary, totals.Usage);
            binary.Int64((long)(totals.CostNanoUsd >> 64));
            binary.Int64((long)(ulong)(totals.CostNanoUsd & ulong.MaxValue));
        }
        binary.Complete();
    }

    internal static List<RollupRow> Read(ReadOnlySpan<byte> data)
    {
        var binary = new BinaryCursor(data, new TextCache());
        var version = binary.Byte();
        if (version != Version)
        {
            throw new InvalidDataException($"Usage rollup of version {version}; this build reads up to {Version}.");
        }
        var count = binary.Count(int.MaxValue);
        var rows = new List<RollupRow>(Math.Min(count, UsageRollup.DefaultMaxRows));
        for (var i = 0; i < count && !binary.Failed; i++)
        {
            var key = ReadKey(ref binary);
            var requests = binary.Signed();
            var usage = UsageRecordCodec.ReadUsage(ref binary);
            var high = binary.Int64();
            var low = binary.Int64();
            rows.Add(new RollupRow(key, new UsageTotals(requests, usage, ((Int128)high << 64) | (ulong)low)));
        }
        if (binary.Failed || !binary.AtEnd)
        {
            throw new InvalidDataException("Usage rollup is malformed: cut off, left over or out of range.");
        }
        return rows;
    }

    private static void WriteKey(ref BinaryAppender binary, in RollupKey key)
    {
        binary.Signed(key.Bucket.Hour);
        binary.Byte((byte)key.Bucket.Resolution);
        binary.Text(key.User);
        binary.Text(key.Email);
        binary.Varint((ulong)key.Groups.Count);
        for (var i = 0; i < key.Groups.Count; i++)
        {
            binary.Text(key.Groups[i]);
        }
        binary.Text(key.Service);
        binary.Text(key.Key);
        binary.Text(key.Provider);
        binary.Text(key.Model);
        binary.Text(key.Route);
        binary.Byte((byte)key.Dialect);
        binary.Byte((byte)key.Outcome);
        binary.Varint((ulong)key.Metadata.Length);
        foreach (var (name, value) in key.Metadata)
        {
            binary.Text(name);
            binary.Text(value);
        }
    }

    private static RollupKey ReadKey(ref BinaryCursor binary)
    {
        var bucket = new RollupBucket(binary.Signed(), (RollupResolution)binary.Byte());
        if (bucket.Resolution > RollupResolution.Month || Math.Abs(bucket.Hour / 24) > 1_000_000)
        {
            binary.Fail();
        }
        var user = binary.Text();
        var email = binary.Text();
        var count = binary.Count(int.MaxValue);
        var groups = count == 0 ? [] : new string[count];
        for (var i = 0; i < groups.Length; i++)
        {
            groups[i] = binary.Text() ?? "";
        }
        var key = new RollupKey
        {
            Bucket = bucket,
            User = user,
            Email = email,
            Groups = groups,
            Service = binary.Text(),
            Key = binary.Text(),
            Provider = binary.Text(),
            Model = binary.Text(),
            Route = binary.Text(),
            Dialect = (Dialect)binary.Byte(),
            Outcome = (Outcome)binary.Byte(),
            Metadata = ReadMetadata(ref binary),
        };
        return key;
    }

    private static KeyValuePair<string, string>[] ReadMetadata(ref BinaryCursor binary)
    {
        var count = binary.Count(int.MaxValue);
        var metadata = count == 0 ? RollupKey.NoMetadata : new KeyValuePair<string, string>[count];
        for (var i = 0; i < metadata.Length; i++)
        {
            metadata[i] = new(binary.Text() ?? "", binary.Text() ?? "");
        }
        return metadata;
    }
}
