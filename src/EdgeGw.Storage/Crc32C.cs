using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgeGw.Storage;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4) with the usual pre- and post-inversion, in hardware where there is any.</summary>
internal static class Crc32C
{
    internal static uint Compute(ReadOnlySpan<byte> data) => Finish(Append(Start, data));

    /// <summary>State before the first byte; feed with <see cref="Append"/>, close with <see cref="Finish"/>.</summary>
    internal const uint Start = uint.MaxValue;

    internal static uint Finish(uint state) => ~state;

    internal static uint Append(uint state, ReadOnlySpan<byte> data)
    {
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(data))
        {
            state = BitOperations.Crc32C(state, word);
        }

        foreach (byte b in data[(data.Length & ~7)..])
        {
            state = BitOperations.Crc32C(state, b);
        }

        return state;
    }
}
