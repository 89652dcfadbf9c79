using System.Buffers.Binary;

namespace EdgeGw.Identity;

/// <summary>The keyed hash of a virtual key's secret. Looking up by it leaks no timing about any secret.</summary>
public readonly record struct KeyDigest
{
    public const int Size = 32;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    public KeyDigest(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Size);
        _high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    public static bool TryParse(string hex, out KeyDigest digest)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var parsed = hex.Length == Size * 2 && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        digest = parsed ? new KeyDigest(bytes) : default;
        return parsed;
    }

    public override int GetHashCode() => _low.GetHashCode();

    public override string ToString() => $"{_high:x32}{_low:x32}";
}
