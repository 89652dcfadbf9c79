using EdgeGw.Metering;
using EdgeGw.Requests;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>The binary form of a row: its key, then its totals. Equal keys are equal bytes.</summary>
internal static class RollupRowCodec
{
    internal static void WriteKey(ref BinaryAppender binary, in RollupKey key)
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

    internal static RollupKey ReadKey(ref BinaryCursor binary)
    {
        var bucket = ReadBucket(ref binary);
        var user = binary.Text();
        var email = binary.Text();
        var count = binary.Count(int.MaxValue);
        var groups = count == 0 ? [] : new string[count];
        for (var i = 0; i < groups.Length; i++)
        {
            groups[i] = binary.Text() ?? "";
        }
        return new RollupKey
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
    }

    internal static RollupBucket ReadBucket(ref BinaryCursor binary)
    {
        var bucket = new RollupBucket(binary.Signed(), (RollupResolution)binary.Byte());
        if (bucket.Resolution > RollupResolution.Month || Math.Abs(bucket.Hour / 24) > 1_000_000)
        {
            binary.Fail();
        }
        return bucket;
    }

    /// <summary>What is left of a key behind its bucket.</summary>
    internal static void SkipNames(ref BinaryCursor binary)
    {
        const int Before = 2, Behind = 5;
        binary.SkipTexts(Before);
        binary.SkipTexts(binary.Count(int.MaxValue));
        binary.SkipTexts(Behind);
        binary.Byte();
        binary.Byte();
        var labels = binary.Count(int.MaxValue);
        binary.SkipTexts(labels);
        binary.SkipTexts(labels);
    }

    internal static void WriteTotals(ref BinaryAppender binary, in UsageTotals totals)
    {
        binary.Signed(totals.Requests);
        UsageRecordCodec.WriteUsage(ref binary, totals.Usage);
        binary.Int64((long)(totals.CostNanoUsd >> 64));
        binary.Int64((long)(ulong)(totals.CostNanoUsd & ulong.MaxValue));
    }

    internal static UsageTotals ReadTotals(ref BinaryCursor binary)
    {
        var requests = binary.Signed();
        var usage = UsageRecordCodec.ReadUsage(ref binary);
        var high = binary.Int64();
        return new UsageTotals(requests, usage, ((Int128)high << 64) | (ulong)binary.Int64());
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
