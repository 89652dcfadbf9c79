using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace EdgeGw.Telemetry;

/// <summary>Appends the primitives of the compact binary forms: little-endian fixed numbers, LEB128 for the rest, strings by length.</summary>
/// <remarks>Writes into the output's own memory and tells it so only in <see cref="Complete"/>, which must be the last call.</remarks>
internal ref struct BinaryAppender(IBufferWriter<byte> output)
{
    internal const int MaxVarintLength = 10;
    internal const int MaxStringLength = MaxVarintLength + (MaxBytesPerChar * RecordLimits.MaxStringLength);
    private const int MaxBytesPerChar = 3;
    private const int Block = 256;

    private Span<byte> _memory;
    private int _used;

    internal void Byte(byte value)
    {
        Room(1)[0] = value;
        _used++;
    }

    internal void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Room(sizeof(long)), value);
        _used += sizeof(long);
    }

    internal void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length));
        _used += value.Length;
    }

    internal void Guid(Guid value)
    {
        value.TryWriteBytes(Room(16), bigEndian: true, out var written);
        _used += written;
    }

    internal void Varint(ulong value)
    {
        var room = Room(MaxVarintLength);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            room[length++] = (byte)(value | 0x80);
        }
        room[length++] = (byte)value;
        _used += length;
    }

    /// <summary>Small numbers of either sign in few bytes.</summary>
    internal void Signed(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    internal void Double(double value) => Int64(BitConverter.DoubleToInt64Bits(value));

    /// <summary>Null is apart from empty: the length is stored plus one.</summary>
    internal void Text(string? value)
    {
        if (value is null)
        {
            Byte(0);
            return;
        }
        var cut = RecordLimits.Cut(value);
        var room = Room(MaxVarintLength + (MaxBytesPerChar * cut.Length));
        // Nearly every name is so short that its length takes one byte, whatever its characters are.
        if (MaxBytesPerChar * cut.Length < 0x7f)
        {
            var written = Encoding.UTF8.GetBytes(cut, room[1..]);
            room[0] = (byte)(written + 1);
            _used += written + 1;
            return;
        }
        Varint((ulong)Encoding.UTF8.GetByteCount(cut) + 1);
        _used += Encoding.UTF8.GetBytes(cut, _memory[_used..]);
    }

    /// <summary>What was written belongs to the output from here on.</summary>
    internal void Complete()
    {
        output.Advance(_used);
        _memory = default;
        _used = 0;
    }

    private Span<byte> Room(int size)
    {
        if (_memory.Length - _used < size)
        {
            Complete();
            _memory = output.GetSpan(Math.Max(size, Block));
        }
        return _memory[_used..];
    }
}
