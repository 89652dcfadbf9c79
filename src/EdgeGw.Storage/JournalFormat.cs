using System.Buffers.Binary;

namespace EdgeGw.Storage;

/// <summary>
/// Bytes of the journal. FASTER puts its own header (8 bytes of XOR checksum, 4 of length, negative for its commit records) before each
/// entry; ours are a frame of
/// <code>
/// 0 payload length u32 | 4 type u8 | 5 version u8 | 6 frame format u16 | 8 sequence i64 | 16 not yet durable u32 | 20 CRC-32C u32 | 24 payload
/// </code>
/// little endian. The CRC covers the payload and then bytes 0..20. "Not yet durable" counts the records before this one, itself included,
/// that were not on disk when it was appended: a frame found behind damage thereby tells whether what was lost had been acknowledged.
/// </summary>
internal static class JournalFormat
{
    internal const int FrameHeaderBytes = 24;
    internal const int EntryHeaderBytes = 12;
    internal const int FirstAddress = 64;
    private const ushort FrameFormat = 1;
    private const int CheckedHeaderBytes = 20;

    internal static int AlignedEntryBytes(int entryLength) => EntryHeaderBytes + ((entryLength + 3) & ~3);

    /// <summary>CRC state over the payload, which a writer can compute before it knows the sequence.</summary>
    internal static uint PayloadState(ReadOnlySpan<byte> payload) => Crc32C.Append(Crc32C.Start, payload);

    internal static void WriteFrame(Span<byte> frame, byte type, byte version, long sequence, long durableSequence,
        ReadOnlySpan<byte> payload, uint payloadState)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)payload.Length);
        frame[4] = type;
        frame[5] = version;
        BinaryPrimitives.WriteUInt16LittleEndian(frame[6..], FrameFormat);
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[16..], (uint)Math.Min(uint.MaxValue, sequence - durableSequence));
        uint crc = Crc32C.Finish(Crc32C.Append(payloadState, frame[..CheckedHeaderBytes]));
        BinaryPrimitives.WriteUInt32LittleEndian(frame[20..], crc);
        payload.CopyTo(frame[FrameHeaderBytes..]);
    }

    /// <summary>Reads a frame that fills <paramref name="entry"/> exactly; false when anything about it is wrong.</summary>
    internal static bool TryReadFrame(ReadOnlySpan<byte> entry, long address, out JournalRecord record, out long durableSequence)
    {
        record = default;
        durableSequence = 0;
        if (entry.Length < FrameHeaderBytes) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(entry) != entry.Length - FrameHeaderBytes) return false;
        if (BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]) != FrameFormat) return false;
        ReadOnlySpan<byte> payload = entry[FrameHeaderBytes..];
        uint crc = Crc32C.Finish(Crc32C.Append(PayloadState(payload), entry[..CheckedHeaderBytes]));
        if (crc != BinaryPrimitives.ReadUInt32LittleEndian(entry[20..])) return false;
        long sequence = BinaryPrimitives.ReadInt64LittleEndian(entry[8..]);
        if (sequence <= 0) return false;
        durableSequence = Math.Max(0, sequence - BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]));
        record = new JournalRecord(entry[4], entry[5], sequence, address, payload);
        return true;
    }

    /// <summary>The checksum in FASTER's entry header: XOR of the 64-bit words from the length field on, then of the bytes left over.</summary>
    internal static ulong EntryChecksum(ReadOnlySpan<byte> lengthAndBody)
    {
        ulong sum = 0;
        while (lengthAndBody.Length >= sizeof(ulong))
        {
            sum ^= BinaryPrimitives.ReadUInt64LittleEndian(lengthAndBody);
            lengthAndBody = lengthAndBody[sizeof(ulong)..];
        }

        foreach (byte b in lengthAndBody) sum ^= b;
        return sum;
    }
}
