using System.Buffers;
using System.Collections.Frozen;
using System.Numerics;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests;

namespace EdgeGw.Telemetry;

/// <summary>A record in the compact binary form that stands in the journal.</summary>
/// <remarks>
/// The first byte is a version. A reader knows every version up to its own and refuses newer ones, and refuses bytes left over: an older
/// binary must stop at a newer journal instead of reading half of it. New fields mean a new version; written versions never change.
/// What a record corrects is not part of it: the journal has that record beside it. Strings are cut at 256 characters, groups at 128, metadata at 32 entries; times are kept to 100 ns, in UTC.
/// </remarks>
public static class UsageRecordCodec
{
    /// <summary>The first has no <see cref="UsageRecord.Request"/>; records without one are still written in it.</summary>
    private const byte FirstVersion = 1;
    private const byte Version = 2;
    private const int FixedLength = 160;
    private const int FixedStrings = 15;
    private const RequestTraits KnownTraits = (RequestTraits)127;
    private const int HasMaxOutput = 128;
    private const int HasOtherTarget = 256;

    [Flags]
    private enum Flags : byte
    {
        None = 0,
        Stream = 1,
        Presumed = 2,
        FirstByte = 4,
    }

    /// <summary>An upper bound of what <see cref="Write"/> appends for this record, in bytes.</summary>
    public static int MaxSize(UsageRecord record)
    {
        var strings = FixedStrings + Math.Min(record.Principal.Groups.Count, RecordLimits.MaxGroups)
            + (2 * (Math.Min(record.Principal.Metadata.Count, RecordLimits.MaxMetadata) + Math.Min(record.Metadata.Count, RecordLimits.MaxMetadata)));
        return FixedLength + (UsageClass.Count * BinaryAppender.MaxVarintLength) + (strings * BinaryAppender.MaxStringLength);
    }

    /// <summary>Appends the record.</summary>
    public static void Write(UsageRecord record, IBufferWriter<byte> output)
    {
        var binary = new BinaryAppender(output);
        binary.Byte(record.Request is null ? FirstVersion : Version);
        binary.Byte((byte)((record.Stream ? Flags.Stream : 0) | (record.Presumed ? Flags.Presumed : 0)
            | (record.FirstByteMilliseconds is null ? 0 : Flags.FirstByte)));
        binary.Guid(record.Id);
        binary.Int64(record.Time.UtcTicks);
        binary.Byte((byte)record.Dialect);
        binary.Byte((byte)record.Outcome);
        binary.Byte((byte)record.UsageSource);
        binary.Byte((byte)record.CostSource);
        binary.Signed(record.Attempt);
        binary.Signed(record.Status);
        WritePrincipal(ref binary, record.Principal);
        WriteMap(ref binary, record.Metadata);
        binary.Text(record.Provider);
        binary.Text(record.ModelRequested);
        binary.Text(record.Model);
        binary.Text(record.Route);
        binary.Text(record.Error);
        WriteUsage(ref binary, record.Usage);
        binary.Signed(record.Cost.Value);
        binary.Signed(record.Hold.Value);
        binary.Signed(record.Overrun.Value);
        binary.Signed(record.OverheadMicroseconds);
        if (record.FirstByteMilliseconds is { } first)
        {
            binary.Double(first);
        }
        binary.Double(record.TotalMilliseconds);
        if (record.Request is { } request)
        {
            WriteRequest(ref binary, request, record.Model);
        }
        binary.Complete();
    }

    /// <summary>The record in these bytes, all of them.</summary>
    /// <exception cref="InvalidDataException">Cut off, left over, out of range, or of a version that this build does not know.</exception>
    public static UsageRecord Read(ReadOnlySpan<byte> data) => Read(data, known: null);

    /// <param name="known">For reading many: what records have in common is then made once.</param>
    /// <inheritdoc cref="Read(ReadOnlySpan{byte})"/>
    internal static UsageRecord Read(ReadOnlySpan<byte> data, TextCache? known)
    {
        var binary = new BinaryCursor(data, known);
        var version = binary.Byte();
        ThrowIfUnknown(version);
        var flags = (Flags)binary.Byte();
        var id = binary.Guid();
        var ticks = binary.Int64();
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks || (flags & ~(Flags.Stream | Flags.Presumed | Flags.FirstByte)) != 0)
        {
            binary.Fail();
            ticks = 0;
        }
        string? model;
        // Fields are read in the order in which they stand here, which is the order in which they were written.
        var record = new UsageRecord
        {
            Id = id,
            Time = new DateTimeOffset(ticks, TimeSpan.Zero),
            Stream = flags.HasFlag(Flags.Stream),
            Presumed = flags.HasFlag(Flags.Presumed),
            Dialect = (Dialect)binary.Byte(),
            Outcome = (Outcome)binary.Byte(),
            UsageSource = (UsageSource)binary.Byte(),
            CostSource = (CostSource)binary.Byte(),
            Attempt = binary.Int32(),
            Status = binary.Int32(),
            Principal = ReadPrincipal(ref binary, known),
            Metadata = ReadMap(ref binary, known),
            Provider = binary.Text(),
            ModelRequested = binary.Text(),
            Model = model = binary.Text(),
            Route = binary.Text(),
            Error = binary.Text(),
            Usage = ReadUsage(ref binary),
            Cost = new NanoUsd(binary.Signed()),
            Hold = new NanoUsd(binary.Signed()),
            Overrun = new NanoUsd(binary.Signed()),
            OverheadMicroseconds = binary.Signed(),
            FirstByteMilliseconds = flags.HasFlag(Flags.FirstByte) ? binary.Double() : null,
            TotalMilliseconds = binary.Double(),
            Request = version == Version ? ReadRequest(ref binary, model) : null,
        };
        if (binary.Failed || !binary.AtEnd)
        {
            throw Malformed();
        }
        return record;
    }

    /// <summary>What a record cost, and nothing else of it: whether the rest is right is for <see cref="Read(ReadOnlySpan{byte})"/> to say.</summary>
    /// <inheritdoc cref="Read(ReadOnlySpan{byte})" path="/exception"/>
    internal static NanoUsd ReadCost(ReadOnlySpan<byte> data)
    {
        // Behind the version: flags, id, time, four enumerations; texts of the caller; texts of the call.
        const int Head = 1 + 16 + sizeof(long) + 4, Caller = 5, Call = 5;
        var binary = new BinaryCursor(data);
        ThrowIfUnknown(binary.Byte());
        binary.Skip(Head);
        binary.Varint();
        binary.Varint();
        binary.SkipTexts(Caller);
        binary.SkipTexts(binary.Count(RecordLimits.MaxGroups));
        binary.SkipTexts(2 * binary.Count(RecordLimits.MaxMetadata));
        binary.SkipTexts(2 * binary.Count(RecordLimits.MaxMetadata));
        binary.SkipTexts(Call);
        for (var classes = binary.Varint(); classes != 0; classes &= classes - 1)
        {
            binary.Varint();
        }
        var cost = new NanoUsd(binary.Signed());
        return binary.Failed ? throw Malformed() : cost;
    }

    /// <summary>Mostly six bytes: the answer goes by the name that was asked for, and nothing is said of tier and place.</summary>
    private static void WriteRequest(ref BinaryAppender binary, in RecordedRequest request, string? model)
    {
        var isOtherTarget = request.Target != model;
        binary.Varint((ulong)((int)request.Traits | (request.MaxOutput is null ? 0 : HasMaxOutput) | (isOtherTarget ? HasOtherTarget : 0)));
        binary.Byte((byte)request.AnswerDialect);
        binary.Signed(request.PromptBytes);
        if (request.MaxOutput is { } cap)
        {
            binary.Signed(cap);
        }
        if (isOtherTarget)
        {
            binary.Text(request.Target);
        }
        binary.Text(request.Tier);
        binary.Text(request.Geography);
    }

    private static RecordedRequest ReadRequest(ref BinaryCursor binary, string? model)
    {
        var bits = binary.Varint();
        if (bits >= 2 * HasOtherTarget)
        {
            binary.Fail();
        }
        var dialect = (Dialect)binary.Byte();
        var promptBytes = binary.Signed();
        long? cap = (bits & HasMaxOutput) != 0 ? binary.Signed() : null;
        var target = (bits & HasOtherTarget) != 0 ? binary.Text() : model;
        return new RecordedRequest((RequestTraits)bits & KnownTraits, target, dialect, cap, promptBytes, binary.Text(), binary.Text());
    }

    internal static void WriteUsage(ref BinaryAppender binary, in Usage usage)
    {
        var counts = UsageClass.Of(in usage);
        var present = 0;
        for (var index = 0; index < counts.Length; index++)
        {
            present |= counts[index] == 0 ? 0 : 1 << index;
        }
        binary.Varint((ulong)present);
        for (; present != 0; present &= present - 1)
        {
            binary.Signed(counts[BitOperations.TrailingZeroCount(present)]);
        }
    }

    internal static Usage ReadUsage(ref BinaryCursor binary)
    {
        var usage = default(Usage);
        var present = binary.Varint();
        if (present >= 1UL << UsageClass.Count)
        {
            binary.Fail();
        }
        for (var index = 0; index < UsageClass.Count && !binary.Failed; index++)
        {
            if ((present & (1UL << index)) != 0)
            {
                UsageClass.Mutable(ref usage)[index] = binary.Signed();
            }
        }
        return usage;
    }

    private static void WritePrincipal(ref BinaryAppender binary, Principal principal)
    {
        if (!principal.HasNotes)
        {
            WriteParts(ref binary, principal);
            return;
        }
        // Every call of a caller is recorded twice, and gathering a dozen names from all over the memory takes longer than all other fields.
        binary.Bytes(principal.Notes.Encoded ??= Encode(principal));
    }

    private static byte[] Encode(Principal principal)
    {
        var output = new ArrayBufferWriter<byte>();
        var binary = new BinaryAppender(output);
        WriteParts(ref binary, principal);
        binary.Complete();
        return output.WrittenSpan.ToArray();
    }

    private static void WriteParts(ref BinaryAppender binary, Principal principal)
    {
        binary.Text(principal.User);
        binary.Text(principal.Email);
        binary.Text(principal.Service);
        binary.Text(principal.KeyId);
        binary.Text(principal.KeyName);
        var groups = Math.Min(principal.Groups.Count, RecordLimits.MaxGroups);
        binary.Varint((ulong)groups);
        for (var i = 0; i < groups; i++)
        {
            binary.Text(principal.Groups[i]);
        }
        WriteMap(ref binary, principal.Metadata);
    }

    private static void ThrowIfUnknown(byte version)
    {
        if (version is not (FirstVersion or Version))
        {
            throw new InvalidDataException($"Usage record of version {version}; this build reads up to {Version}. Was the journal written by a newer build?");
        }
    }

    private static InvalidDataException Malformed() => new("Usage record is malformed: cut off, left over or out of range.");

    private static Principal ReadPrincipal(ref BinaryCursor binary, TextCache? known) => new()
    {
        User = binary.Text(),
        Email = binary.Text(),
        Service = binary.Text(),
        KeyId = binary.Text(),
        KeyName = binary.Text(),
        Groups = ReadList(ref binary),
        Metadata = ReadMap(ref binary, known),
    };

    private static string[] ReadList(ref BinaryCursor binary)
    {
        var count = binary.Count(RecordLimits.MaxGroups);
        if (count == 0)
        {
            return [];
        }
        var list = new string[count];
        for (var i = 0; i < count; i++)
        {
            list[i] = binary.Text() ?? "";
        }
        return list;
    }

    private static void WriteMap(ref BinaryAppender binary, IReadOnlyDictionary<string, string> map)
    {
        var left = Math.Min(map.Count, RecordLimits.MaxMetadata);
        binary.Varint((ulong)left);
        // By concrete type, because an enumerator behind the interface is an allocation for each record.
        switch (map)
        {
            case { Count: 0 }:
                break;
            case Dictionary<string, string> dictionary:
                foreach (var pair in dictionary)
                {
                    WritePair(ref binary, pair, ref left);
                }
                break;
            case FrozenDictionary<string, string> frozen:
                foreach (var pair in frozen)
                {
                    WritePair(ref binary, pair, ref left);
                }
                break;
            default:
                foreach (var pair in map)
                {
                    WritePair(ref binary, pair, ref left);
                }
                break;
        }
    }

    private static void WritePair(ref BinaryAppender binary, in KeyValuePair<string, string> pair, ref int left)
    {
        if (left-- > 0)
        {
            binary.Text(pair.Key);
            binary.Text(pair.Value);
        }
    }

    private static IReadOnlyDictionary<string, string> ReadMap(ref BinaryCursor binary, TextCache? known)
    {
        var ahead = binary;
        var count = ahead.Count(RecordLimits.MaxMetadata);
        ahead.SkipTexts(2 * count);
        var encoded = binary.Rest[..(binary.Rest.Length - ahead.Rest.Length)];
        if (count > 0 && !ahead.Failed && known?.Map(encoded) is { } same)
        {
            binary = ahead;
            return same;
        }
        var map = ReadMap(ref binary);
        if (count > 0 && !binary.Failed)
        {
            known?.Keep(encoded, map);
        }
        return map;
    }

    private static IReadOnlyDictionary<string, string> ReadMap(ref BinaryCursor binary)
    {
        var count = binary.Count(RecordLimits.MaxMetadata);
        if (count == 0)
        {
            return FrozenDictionary<string, string>.Empty;
        }
        var map = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            map[binary.Text() ?? ""] = binary.Text() ?? "";
        }
        return map;
    }
}
