using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeGw.Identity;

/// <summary>Comparison of secrets in a time that depends on nothing but their lengths, which are no secret.</summary>
internal static class SecretText
{
    /// <summary>
    /// Whether both are the same characters. The framework's <c>CryptographicOperations.FixedTimeEquals</c> promises the same, a byte at a time and not
    /// optimised: 3,200 instructions for a key of 47 characters instead of 224.
    /// </summary>
    /// <remarks>
    /// Every block is read, whatever came before: the differences are gathered in one vector, and the only branch that depends on content is on all of them
    /// together, at the end. No compiler of .NET leaves a loop before its condition says so, and not being inlined keeps what a caller knows out of it.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool FixedTimeEquals(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }
        var one = MemoryMarshal.AsBytes(left);
        var other = MemoryMarshal.AsBytes(right);
        var difference = Vector128<byte>.Zero;
        while (one.Length >= Vector128<byte>.Count)
        {
            difference |= Vector128.Create(one) ^ Vector128.Create(other);
            one = one[Vector128<byte>.Count..];
            other = other[Vector128<byte>.Count..];
        }
        var rest = 0;
        for (var i = 0; i < one.Length; i++)
        {
            rest |= one[i] ^ other[i];
        }
        return (difference | Vector128.CreateScalar((byte)rest)) == Vector128<byte>.Zero;
    }
}
