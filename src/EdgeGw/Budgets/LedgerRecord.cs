using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Pricing;
using EdgeGw.Storage;
using EdgeGw.Telemetry;

namespace EdgeGw.Budgets;

/// <summary>The ledger's journal payloads, version 2: little-endian, fixed fields first, the usage record last.</summary>
internal static class LedgerRecord
{
    public const byte Version = 2;
    private const int KeySize = 16;

    /// <summary>Writes a hold but for its slots' keys, which are known only under the ledger's lock.</summary>
    /// <returns>Where <see cref="SetKeys"/> puts them.</returns>
    public static int WriteHold(ArrayBufferWriter<byte> output, NanoUsd amount, int slots, UsageRecord draft)
    {
        var size = sizeof(long) + 1 + (slots * KeySize);
        var span = output.GetSpan(size);
        BinaryPrimitives.WriteInt64LittleEndian(span, amount.Value);
        span[sizeof(long)] = checked((byte)slots);
        var at = output.WrittenCount + sizeof(long) + 1;
        output.Advance(size);
        UsageRecordCodec.Write(draft, output);
        return at;
    }

    public static void SetKeys(ArrayBufferWriter<byte> output, int at, ReadOnlySpan<HeldSlot> slots)
    {
        var span = MemoryMarshal.AsMemory(output.WrittenMemory).Span[at..];
        for (var i = 0; i < slots.Length; i++)
        {
            WriteKey(span[(i * KeySize)..], slots[i].Slot.Key);
        }
    }

    public static void WriteExtend(IBufferWriter<byte> output, long holdSequence, NanoUsd amount)
    {
        var span = output.GetSpan(2 * sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(span, holdSequence);
        BinaryPrimitives.WriteInt64LittleEndian(span[8..], amount.Value);
        output.Advance(2 * sizeof(long));
    }

    public static (long HoldSequence, NanoUsd Amount) ReadExtend(ReadOnlySpan<byte> payload) =>
        (BinaryPrimitives.ReadInt64LittleEndian(payload), new NanoUsd(BinaryPrimitives.ReadInt64LittleEndian(payload[8..])));

    public static void WriteAlert(IBufferWriter<byte> output, in CounterKey slot, long percent)
    {
        var span = output.GetSpan(KeySize + sizeof(long));
        WriteKey(span, slot);
        BinaryPrimitives.WriteInt64LittleEndian(span[KeySize..], percent);
        output.Advance(KeySize + sizeof(long));
    }

    public static (CounterKey Slot, long Percent) ReadAlert(ReadOnlySpan<byte> payload) =>
        (ReadKey(payload), BinaryPrimitives.ReadInt64LittleEndian(payload[KeySize..]));

    public static (NanoUsd Amount, CounterKey[] Slots) ReadHold(ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> usageRecord)
    {
        var amount = new NanoUsd(BinaryPrimitives.ReadInt64LittleEndian(payload));
        var slots = new CounterKey[payload[sizeof(long)]];
        var rest = payload[(sizeof(long) + 1)..];
        for (var i = 0; i < slots.Length; i++, rest = rest[KeySize..])
        {
            slots[i] = ReadKey(rest);
        }
        usageRecord = rest;
        return (amount, slots);
    }

    public static void WriteDefer(IBufferWriter<byte> output, long holdSequence, string id, string model, long inputBytes, UsageRecord charge)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), holdSequence);
        output.Advance(sizeof(long));
        DeferredAnswer.WriteDetails(output, id, model, inputBytes, charge);
    }

    public static long ReadDefer(ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> details)
    {
        details = payload[sizeof(long)..];
        return BinaryPrimitives.ReadInt64LittleEndian(payload);
    }

    public static void WriteCorrect(IBufferWriter<byte> output, long holdSequence, DeferredAnswer answer, UsageRecord record)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), holdSequence);
        output.Advance(sizeof(long));
        WriteDeferred(output, answer);
        UsageRecordCodec.Write(record, output);
    }

    public static (long HoldSequence, DeferredAnswer Answer, UsageRecord Record) ReadCorrect(ReadOnlySpan<byte> payload)
    {
        var answer = ReadDeferred(payload[sizeof(long)..], out var consumed);
        var record = UsageRecordCodec.Read(payload[(sizeof(long) + consumed)..]);
        return (BinaryPrimitives.ReadInt64LittleEndian(payload), answer, record with { Corrects = answer.Charge() });
    }

    public static void WriteDeferred(IBufferWriter<byte> output, DeferredAnswer answer)
    {
        var details = answer.Details;
        var head = sizeof(long) + 1 + (answer.Slots.Length * KeySize) + sizeof(int);
        var span = output.GetSpan(head + details.Length);
        BinaryPrimitives.WriteInt64LittleEndian(span, answer.Sequence);
        span[sizeof(long)] = checked((byte)answer.Slots.Length);
        for (var i = 0; i < answer.Slots.Length; i++)
        {
            WriteKey(span[(sizeof(long) + 1 + (i * KeySize))..], answer.Slots[i]);
        }
        BinaryPrimitives.WriteInt32LittleEndian(span[(head - sizeof(int))..], details.Length);
        details.CopyTo(span[head..]);
        output.Advance(head + details.Length);
    }

    public static DeferredAnswer ReadDeferred(ReadOnlySpan<byte> payload, out int consumed)
    {
        var slots = new CounterKey[payload[sizeof(long)]];
        var rest = payload[(sizeof(long) + 1)..];
        for (var i = 0; i < slots.Length; i++, rest = rest[KeySize..])
        {
            slots[i] = ReadKey(rest);
        }
        var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
        consumed = payload.Length - rest.Length + sizeof(int) + length;
        return new DeferredAnswer(BinaryPrimitives.ReadInt64LittleEndian(payload), slots, rest.Slice(sizeof(int), length));
    }

    public static void WriteEnd(IBufferWriter<byte> output, long holdSequence, UsageRecord record)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), holdSequence);
        output.Advance(sizeof(long));
        UsageRecordCodec.Write(record, output);
    }

    public static (long HoldSequence, UsageRecord Record) ReadEnd(ReadOnlySpan<byte> payload, TextCache? known = null) =>
        (ReadEnd(payload, out var usageRecord), UsageRecordCodec.Read(usageRecord, known));

    public static long ReadEnd(ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> usageRecord)
    {
        usageRecord = payload[sizeof(long)..];
        return BinaryPrimitives.ReadInt64LittleEndian(payload);
    }

    /// <summary>A scope of a budget, and until when it is in a running window.</summary>
    public static void WriteSlot(IBufferWriter<byte> output, string budget, string scope, DateTimeOffset until)
    {
        var (budgetLength, scopeLength) = (Encoding.UTF8.GetByteCount(budget), Encoding.UTF8.GetByteCount(scope));
        var size = sizeof(long) + (2 * sizeof(int)) + budgetLength + scopeLength;
        var span = output.GetSpan(size);
        BinaryPrimitives.WriteInt64LittleEndian(span, until.UtcTicks);
        BinaryPrimitives.WriteInt32LittleEndian(span[8..], budgetLength);
        BinaryPrimitives.WriteInt32LittleEndian(span[12..], scopeLength);
        Encoding.UTF8.GetBytes(budget, span[16..]);
        Encoding.UTF8.GetBytes(scope, span[(16 + budgetLength)..]);
        output.Advance(size);
    }

    /// <param name="name">As <see cref="NameOf"/> gives it.</param>
    public static void WriteSlot(IBufferWriter<byte> output, ReadOnlySpan<byte> name, long untilTicks)
    {
        var span = output.GetSpan(sizeof(long) + name.Length);
        BinaryPrimitives.WriteInt64LittleEndian(span, untilTicks);
        name.CopyTo(span[sizeof(long)..]);
        output.Advance(sizeof(long) + name.Length);
    }

    public static DateTimeOffset ReadUntil(ReadOnlySpan<byte> payload) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(payload), TimeSpan.Zero);

    /// <summary>The part of a written slot that says which scope of which budget it is: both lengths, then both texts.</summary>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> payload)
    {
        var (budget, scope) = (BinaryPrimitives.ReadInt32LittleEndian(payload[8..]), BinaryPrimitives.ReadInt32LittleEndian(payload[12..]));
        return payload.Slice(sizeof(long), checked((2 * sizeof(int)) + budget + scope));
    }

    public static string ScopeOf(ReadOnlySpan<byte> name) =>
        Encoding.UTF8.GetString(name[((2 * sizeof(int)) + BinaryPrimitives.ReadInt32LittleEndian(name))..]);

    /// <summary>Null: it is another budget's.</summary>
    public static string? ScopeOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> budget) =>
        BinaryPrimitives.ReadInt32LittleEndian(name) == budget.Length && name[(2 * sizeof(int))..].StartsWith(budget) ? ScopeOf(name) : null;

    /// <summary>A scope's record in the journal: its name, and the slot if this is the first use of that.</summary>
    public static void WriteOpened(IBufferWriter<byte> output, string budget, string scope, DateTimeOffset until, CounterKey? opened)
    {
        WriteSlot(output, budget, scope, until);
        if (opened is { } key)
        {
            WriteKey(output.GetSpan(KeySize), key);
            output.Advance(KeySize);
        }
    }

    /// <summary>The slot whose history begins here; null: it was in use before.</summary>
    public static CounterKey? ReadOpened(ReadOnlySpan<byte> payload)
    {
        var consumed = sizeof(long) + NameOf(payload).Length;
        return payload.Length == consumed ? null : ReadKey(payload[consumed..]);
    }

    private static void WriteKey(Span<byte> span, in CounterKey key)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(span, key.High);
        BinaryPrimitives.WriteUInt64LittleEndian(span[8..], key.Low);
    }

    private static CounterKey ReadKey(ReadOnlySpan<byte> span) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(span), BinaryPrimitives.ReadUInt64LittleEndian(span[8..]));
}
