using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace EdgeGw.Telemetry;

/// <summary>Appends the primitives of the compact binary forms: little-endian fixed numbers, LEB128 for the rest, strings by length.</summary>
internal readonly ref struct BinaryAppender(IBufferWriter<byte> output)
{
    internal const int MaxVarintLength = 10;
    internal const int MaxStringLength = MaxVarintLength + (3 * RecordLimits.MaxStringLength);

    internal void Byte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    internal void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), value);
        output.Advance(sizeof(long));
    }

    internal void Guid(Guid value)
    {
        value.TryWriteBytes(output.GetSpan(16), bigEndian: true, out var written);
        output.Advance(written);
    }

    internal void Varint(ulong value)
    {
        var span = output.GetSpan(MaxVarintLength);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[length++] = (byte)(value | 0x80);
        }
        span[length++] = (byte)value;
        output.Advance(length);
    }

    /// <summary>Small numbers of either sign in few bytes.</summary>
    internal void Signed(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    internal void Double(double value) => Int64(BitConverter.DoubleToInt64Bits(value));

    /// <summary>Null is apart from empty: the length is stored plus one.</summary>
    internal void Text(string? value)
    {
        if (value is null)
        {
            Varint(0);
            return;
        }
        var cut = RecordLimits.Cut(value);
        var length = Encoding.UTF8.GetByteCount(cut);
        Varint((ulong)length + 1);
        output.Advance(Encoding.UTF8.GetBytes(cut, output.GetSpan(length)));
    }
}
