using System.Buffers;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Telemetry;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Telemetry;

public sealed class UsageRecordCodecTests
{
    [Fact]
    public void Any_record_reads_back_the_same_and_within_its_bound() =>
        Prop.ForAll(Generators.Record.ToArbitrary(), record =>
        {
            var bytes = Encode(record);
            AssertSame(record, UsageRecordCodec.Read(bytes));
            Assert.Equal(record.Cost, UsageRecordCodec.ReadCost(bytes));
            return bytes.Length <= UsageRecordCodec.MaxSize(record);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_cut_and_any_surplus_is_refused() =>
        // Few records, because each is cut at every byte, and each cut throws.
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(10), Prop.ForAll(Generators.Record.ToArbitrary(), record =>
        {
            var bytes = Encode(record);
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.Throws<InvalidDataException>(() => UsageRecordCodec.Read(bytes.AsSpan(0, length)));
            }
            Assert.Throws<InvalidDataException>(() => UsageRecordCodec.Read([.. bytes, 0]));
            return true;
        }));

    [Fact]
    public void Any_flipped_byte_reads_as_a_record_or_is_refused() =>
        Prop.ForAll(Generators.Record.Zip(Gen.Choose(0, int.MaxValue)).Zip(Gen.Choose(1, 255)).ToArbitrary(), input =>
        {
            var ((record, at), flip) = input;
            var bytes = Encode(record);
            bytes[at % bytes.Length] ^= (byte)flip;
            try
            {
                return UsageRecordCodec.Read(bytes).Cost == UsageRecordCodec.ReadCost(bytes);
            }
            catch (InvalidDataException)
            {
                // The only exception there may be. One that tells the cost alone need not see every fault.
            }
            try
            {
                UsageRecordCodec.ReadCost(bytes);
            }
            catch (InvalidDataException)
            {
            }
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Newer_version_is_refused_by_name()
    {
        var bytes = Encode(Generators.Few(new Random(1)));
        bytes[0] = 3;
        Assert.Contains("version 3", Assert.Throws<InvalidDataException>(() => UsageRecordCodec.Read(bytes)).Message, StringComparison.Ordinal);
        Assert.Contains("version 3", Assert.Throws<InvalidDataException>(() => UsageRecordCodec.ReadCost(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_others_choose_is_cut_and_never_refused()
    {
        var record = Generators.Few(new Random(1)) with
        {
            Model = new string('m', 255) + "😀😀",
            Metadata = Enumerable.Range(0, 1000).ToDictionary(static i => "name" + i, static _ => new string('é', 10_000)),
            Principal = new Principal { Groups = [.. Enumerable.Range(0, 1000).Select(static i => "group" + i)] },
        };
        var bytes = Encode(record);
        var read = UsageRecordCodec.Read(bytes);

        Assert.True(bytes.Length <= UsageRecordCodec.MaxSize(record));
        Assert.Equal(new string('m', 255), read.Model);
        Assert.Equal(RecordLimits.MaxMetadata, read.Metadata.Count);
        Assert.All(read.Metadata.Values, static value => Assert.Equal(RecordLimits.MaxStringLength, value.Length));
        Assert.Equal(RecordLimits.MaxGroups, read.Principal.Groups.Count);
    }

    [Fact]
    public void Record_written_by_the_first_version_stays_readable()
    {
        // Journals outlive releases: these bytes were written once and never change.
        var written = Convert.FromHexString(
            "01070192F0C1222273338444555566667777001CD28AE028DE080300020102900304616E6E0000046B5F310763692D626F740204646576046F707301"
            + "057465616D09706C6174666F726D010472756E0237076F70656E61690566617374066770742D3500008311C801280E02FCC00180D0ACF30E00A60100"
            + "000000000029400000000000005940");
        var record = UsageRecordCodec.Read(written);

        Assert.Equal(new Guid("0192f0c1-2222-7333-8444-555566667777"), record.Id);
        Assert.Equal(("ci-bot", "platform", "7"), (record.Principal.KeyName, record.Principal.Metadata["team"], record.Metadata["run"]));
        Assert.Equal(new Usage { Input = 100, CachedInput = 20, Output = 7, WebSearches = 1 }, record.Usage);
        Assert.Equal((12_350, 2_000_000_000, true, 12.5), (record.Cost.Value, record.Hold.Value, record.Presumed, record.FirstByteMilliseconds));
        Assert.Null(record.Corrects);
        Assert.Equal(written, Encode(record));
    }

    [Fact]
    public void Record_written_by_the_second_version_stays_readable()
    {
        var written = Convert.FromHexString(
            "02070192F0C1222273338444555566667777001CD28AE028DE080300020102900304616E6E0000046B5F310763692D626F740204646576046F7073"
            + "01057465616D09706C6174666F726D010472756E0237076F70656E61690566617374116770742D352D323032352D30382D303700008311C801280E"
            + "02FCC00180D0ACF30E00A60100000000000029400000000000005940890303E0128040066770742D3505666C6578037573");
        var record = UsageRecordCodec.Read(written);

        Assert.Equal(
            new RecordedRequest(RequestTraits.Tools | RequestTraits.Unified, "gpt-5", Dialect.Responses, 4096, 1200, "flex", "us"), record.Request);
        Assert.Equal("gpt-5-2025-08-07", record.Model);
        Assert.Equal(written, Encode(record));
    }

    [Fact]
    public void What_is_recorded_of_a_usual_request_takes_six_bytes()
    {
        var record = Generators.Few(new Random(1)) with { Model = "m", Request = null };
        var request = new RecordedRequest(RequestTraits.Unified, "m", Dialect.ChatCompletions, null, 5000, null, null);
        Assert.Equal(Encode(record).Length + 6, Encode(record with { Request = request }).Length);
    }

    [Fact]
    public void Usual_record_is_small() => Assert.InRange(Encode(Generators.Few(new Random(1))).Length, 60, 200);

    private static void AssertSame(UsageRecord expected, UsageRecord actual)
    {
        Assert.Equal(expected.Metadata.OrderBy(static pair => pair.Key, StringComparer.Ordinal), actual.Metadata.OrderBy(static pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal(expected.Principal.Groups, actual.Principal.Groups);
        Assert.Equal(
            expected.Principal.Metadata.OrderBy(static pair => pair.Key, StringComparer.Ordinal),
            actual.Principal.Metadata.OrderBy(static pair => pair.Key, StringComparer.Ordinal));
        // The rest by the record's own equality, so that a field added to the record and forgotten here fails.
        Assert.Equal(Flat(expected), Flat(actual));
    }

    private static UsageRecord Flat(UsageRecord record) => record with
    {
        Metadata = Principal.Anonymous.Metadata,
        Principal = record.Principal with { Groups = Principal.Anonymous.Groups, Metadata = Principal.Anonymous.Metadata },
    };

    private static byte[] Encode(UsageRecord record)
    {
        var output = new ArrayBufferWriter<byte>();
        UsageRecordCodec.Write(record, output);
        return output.WrittenSpan.ToArray();
    }
}
