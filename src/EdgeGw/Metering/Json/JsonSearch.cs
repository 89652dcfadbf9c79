using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeGw.Metering.Json;

/// <summary>Where names, strings and literals end.</summary>
/// <remarks>Nearly all of them are short, and the framework's searches take longer to begin (40 to 65 instructions) than those take to read.</remarks>
internal static class JsonSearch
{
    /// <summary>Of those that mean something to anybody.</summary>
    private const int LongestLiteral = 32;

    private static readonly SearchValues<byte> LiteralEnds = SearchValues.Create(",}] \t\r\n"u8);

    /// <summary>Where a number or word ends, or the end of the data.</summary>
    public static int LiteralEnd(ReadOnlySpan<byte> data, int at)
    {
        var near = Math.Min(data.Length, at + LongestLiteral);
        for (; at < near; at++)
        {
            // Digits and letters pass the first comparison and two more.
            var c = data[at];
            if (c > ',' ? c is (byte)'}' or (byte)']' : c is (byte)',' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            {
                return at;
            }
        }
        var far = data[at..].IndexOfAny(LiteralEnds);
        return far < 0 ? data.Length : at + far;
    }

    /// <summary>The first of either character from <paramref name="at"/> on, or the end of the data.</summary>
    public static int QuoteOrBackslash(ReadOnlySpan<byte> data, int at)
    {
        ref var first = ref MemoryMarshal.GetReference(data);
        for (; at <= data.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var bytes = Vector128.LoadUnsafe(ref first, (nuint)at);
            var found = (Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))).ExtractMostSignificantBits();
            if (found != 0)
            {
                return at + BitOperations.TrailingZeroCount(found);
            }
        }
        while (at < data.Length && data[at] is not ((byte)'"' or (byte)'\\'))
        {
            at++;
        }
        return at;
    }
}
