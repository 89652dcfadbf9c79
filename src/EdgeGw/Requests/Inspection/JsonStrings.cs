using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeGw.Requests.Inspection;

/// <summary>What <see cref="JsonTokenizer"/> looks for inside of strings, which are nearly all of a large request, by vectors.</summary>
internal static class JsonStrings
{
    private const int BlockSize = 64;
    private const int LongestEscape = 6;

    /// <summary>The next quote, backslash or control character, or the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int NextSpecial(ReadOnlySpan<byte> json, int position)
    {
        ref var first = ref MemoryMarshal.GetReference(json);
        var last = json.Length - Vector128<byte>.Count;
        for (; position <= last; position += Vector128<byte>.Count)
        {
            var specials = Specials(ref first, position);
            if (specials != 0)
            {
                return position + BitOperations.TrailingZeroCount(specials);
            }
        }
        while (position < json.Length && json[position] is >= (byte)' ' and not (byte)'"' and not (byte)'\\')
        {
            position++;
        }
        return position;
    }

    /// <summary>Skips what is valid inside of a string, escapes included, a block at a time.</summary>
    /// <remarks>
    /// Text with an escape every few bytes costs a search after each of them, and a branch that nobody foresees. Here a block is searched once: the escapes
    /// in it are the bits of a word.
    /// </remarks>
    /// <returns>Where the string ends or breaks, or where less than a block is left: there the caller looks itself.</returns>
    public static int SkipEscapes(ReadOnlySpan<byte> json, int position)
    {
        ref var first = ref MemoryMarshal.GetReference(json);
        while (position <= json.Length - BlockSize - LongestEscape)
        {
            var end = position + BlockSize;
            var specials = SpecialsOfBlock(ref first, position);
            while (specials != 0)
            {
                var at = position + BitOperations.TrailingZeroCount(specials);
                var length = json[at] == (byte)'\\' ? EscapeLength(json[(at + 1)..]) : 0;
                if (length == 0)
                {
                    return at;
                }
                var behind = at + length;
                if (behind >= end)
                {
                    end = behind;
                    break;
                }
                specials &= ulong.MaxValue << (behind - position);
            }
            position = end;
        }
        return position;
    }

    /// <summary>One of <c>" \ / b f n r t</c>, without a branch for each.</summary>
    public static bool IsEscapeMark(byte mark)
    {
        const ulong Low = 1ul << '"' | 1ul << '/';
        const ulong High = 1ul << ('\\' - 64) | 1ul << ('b' - 64) | 1ul << ('f' - 64) | 1ul << ('n' - 64) | 1ul << ('r' - 64) | 1ul << ('t' - 64);
        return mark < 128 && ((mark < 64 ? Low : High) >> (mark & 63) & 1) != 0;
    }

    /// <summary>Of an escape by what stands behind its backslash, which is long enough; 0: it is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int EscapeLength(ReadOnlySpan<byte> text)
    {
        if (text[0] != (byte)'u')
        {
            return IsEscapeMark(text[0]) ? 2 : 0;
        }
        var isHex = char.IsAsciiHexDigit((char)text[1]) && char.IsAsciiHexDigit((char)text[2])
            && char.IsAsciiHexDigit((char)text[3]) && char.IsAsciiHexDigit((char)text[4]);
        return isHex ? LongestEscape : 0;
    }

    /// <summary>A bit for each byte that is special.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong SpecialsOfBlock(ref byte first, int position) =>
        Specials(ref first, position)
        | (ulong)Specials(ref first, position + 16) << 16
        | (ulong)Specials(ref first, position + 32) << 32
        | (ulong)Specials(ref first, position + 48) << 48;

    /// <summary>As above, of a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Specials(ref byte first, int position)
    {
        var bytes = Vector128.LoadUnsafe(ref first, (nuint)position);
        // At most 0x1F, by way of the minimum: SSE has no compare of unsigned bytes.
        var special = Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
            | Vector128.Equals(Vector128.Min(bytes, Vector128.Create((byte)0x1F)), bytes);
        return special.ExtractMostSignificantBits();
    }
}
