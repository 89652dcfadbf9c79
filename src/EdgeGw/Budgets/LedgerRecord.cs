using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using EdgeGw.Pricing;
using EdgeGw.Storage;
using EdgeGw.Telemetry;

namespace EdgeGw.Budgets;

/// <summary>The ledger's journal payloads, version 1: little-endian, fixed fields first, the usage record last.</summary>
internal static class LedgerRecord
{
    public const byte Version = 1;
    private const int KeySize = 16;

    public static void WriteHold(IBufferWriter<byte> output, NanoUsd amount, ReadOnlySpan<HeldSlot> slots, UsageRecord draft)
    {
        var size = sizeof(long) + 1 + (slots.Length * KeySize);
        var span = output.GetSpan(size);
        BinaryPrimitives.WriteInt64LittleEndian(span, amount.Value);
        span[sizeof(long)] = checked((byte)slots.Length);
        for (var i = 0; i < slots.Length; i++)
        {
            WriteKey(span[(sizeof(long) + 1 + (i * KeySize))..], slots[i].Slot.Key);
        }
        output.Advance(size);
        UsageRecordCodec.Write(draft, output);
    }

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

    public static (long HoldSequence, UsageRecord Record) ReadEnd(ReadOnlySpan<byte> payload) =>
        (BinaryPrimitives.ReadInt64LittleEndian(payload), UsageRecordCodec.Read(payload[sizeof(long)..]));

    public static void WriteSlot(IBufferWriter<byte> output, SlotReference slot)
    {
        var budget = Encoding.UTF8.GetByteCount(slot.Budget);
        var scope = Encoding.UTF8.GetByteCount(slot.Scope);
        var size = (2 * sizeof(long)) + (2 * sizeof(int)) + budget + scope;
        var span = output.GetSpan(size);
        BinaryPrimitives.WriteInt64LittleEndian(span, slot.Window.Start.UtcTicks);
        BinaryPrimitives.WriteInt64LittleEndian(span[8..], slot.Window.End.UtcTicks);
        BinaryPrimitives.WriteInt32LittleEndian(span[16..], budget);
        BinaryPrimitives.WriteInt32LittleEndian(span[20..], scope);
        Encoding.UTF8.GetBytes(slot.Budget, span[24..]);
        Encoding.UTF8.GetBytes(slot.Scope, span[(24 + budget)..]);
        output.Advance(size);
    }

    public static SlotReference ReadSlot(ReadOnlySpan<byte> payload, out int consumed)
    {
        var window = new WindowSpan(
            new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(payload), TimeSpan.Zero),
            new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(payload[8..]), TimeSpan.Zero));
        var budget = BinaryPrimitives.ReadInt32LittleEndian(payload[16..]);
        var scope = BinaryPrimitives.ReadInt32LittleEndian(payload[20..]);
        consumed = 24 + budget + scope;
        return new SlotReference(Encoding.UTF8.GetString(payload.Slice(24, budget)), Encoding.UTF8.GetString(payload.Slice(24 + budget, scope)), window);
    }

    private static void WriteKey(Span<byte> span, in CounterKey key)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(span, key.High);
        BinaryPrimitives.WriteUInt64LittleEndian(span[8..], key.Low);
    }

    private static CounterKey ReadKey(ReadOnlySpan<byte> span) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(span), BinaryPrimitives.ReadUInt64LittleEndian(span[8..]));
}
