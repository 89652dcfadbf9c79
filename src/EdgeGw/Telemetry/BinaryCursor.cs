using System.Buffers.Binary;
using System.Text;

namespace EdgeGw.Telemetry;

/// <summary>Reads what <see cref="BinaryAppender"/> wrote. The first fault is remembered, and everything after it reads as zero.</summary>
/// <remarks>So that a decoder reads straight through and asks once at the end; nothing is allocated for a length that the data cannot hold.</remarks>
/// <param name="known">Where texts that repeat are found; null: each is made anew.</param>
internal ref struct BinaryCursor(ReadOnlySpan<byte> data, TextCache? known = null)
{
    private ReadOnlySpan<byte> _rest = data;

    /// <summary>Something was cut off or out of range.</summary>
    internal bool Failed { get; private set; }

    internal readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>What is still to be read.</summary>
    internal readonly ReadOnlySpan<byte> Rest => _rest;

    internal byte Byte()
    {
        var bytes = Take(1);
        return bytes.IsEmpty ? (byte)0 : bytes[0];
    }

    internal long Int64()
    {
        var bytes = Take(sizeof(long));
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    internal Guid Guid()
    {
        var bytes = Take(16);
        return bytes.IsEmpty ? System.Guid.Empty : new Guid(bytes, bigEndian: true);
    }

    internal ulong Varint()
    {
        // Nearly all are that short.
        if (!_rest.IsEmpty && _rest[0] < 0x80)
        {
            var single = _rest[0];
            _rest = _rest[1..];
            return single;
        }
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                // The tenth byte has room for one bit.
                if (shift == 63 && part > 1)
                {
                    Fail();
                }
                return Failed ? 0 : value;
            }
        }
        Fail();
        return 0;
    }

    internal long Signed()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    internal int Int32()
    {
        var value = Signed();
        if (value is < int.MinValue or > int.MaxValue)
        {
            Fail();
        }
        return Failed ? 0 : (int)value;
    }

    internal double Double() => BitConverter.Int64BitsToDouble(Int64());

    internal string? Text()
    {
        var length = Varint();
        if (length == 0)
        {
            return null;
        }
        var utf8 = Take(length - 1);
        return known is null ? Encoding.UTF8.GetString(utf8) : known.Text(utf8);
    }

    internal void Skip(int bytes) => Take((ulong)bytes);

    internal void SkipTexts(int count)
    {
        for (; count > 0; count--)
        {
            if (Varint() is > 0 and var length)
            {
                Take(length - 1);
            }
        }
    }

    /// <summary>A count of things that take at least one byte each.</summary>
    internal int Count(int max)
    {
        var count = Varint();
        if (count > (ulong)max || count > (ulong)_rest.Length)
        {
            Fail();
            return 0;
        }
        return (int)count;
    }

    internal void Fail()
    {
        Failed = true;
        _rest = default;
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            Fail();
            return default;
        }
        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
