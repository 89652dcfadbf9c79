using System.Buffers.Text;
using System.Globalization;

namespace EdgeGw.Pricing;

/// <summary>An integer count of a unit's decimal part as an exact decimal: 12350 with nine decimals is <c>0.00001235</c>.</summary>
/// <remarks>Without an exponent and without trailing zeros. Money must not pass through binary floating point on its way to a header, a record or a scrape.</remarks>
internal static class FixedPoint
{
    /// <summary>Sign, 19 digits, a point and a zero before it.</summary>
    public const int MaxLength = 22;

    /// <summary>Sign, 39 digits, a point and a zero before it.</summary>
    public const int MaxWideLength = 42;

    /// <param name="decimals">0 to 18.</param>
    /// <param name="destination">With room for <see cref="MaxLength"/>, whatever is written; else false.</param>
    public static bool TryFormat(long value, int decimals, Span<byte> destination, out int written)
    {
        written = 0;
        if (destination.Length < MaxLength)
        {
            return false;
        }
        var magnitude = value < 0 ? 0UL - (ulong)value : (ulong)value;
        var (whole, rest) = Math.DivRem(magnitude, One(decimals));
        if (value < 0)
        {
            destination[written++] = (byte)'-';
        }
        Utf8Formatter.TryFormat(whole, destination[written..], out var digits);
        written += digits;
        written += WriteRest(rest, decimals, destination[written..]);
        return true;
    }

    /// <param name="decimals">0 to 18.</param>
    /// <param name="destination">With room for <see cref="MaxWideLength"/>.</param>
    /// <returns>Bytes written.</returns>
    public static int Format(Int128 value, int decimals, Span<byte> destination)
    {
        if (value >= long.MinValue && value <= long.MaxValue)
        {
            TryFormat((long)value, decimals, destination, out var length);
            return length;
        }
        var written = 0;
        if (value < 0)
        {
            destination[written++] = (byte)'-';
        }
        // Through the unsigned type, because the most negative value has no positive twin.
        var (whole, rest) = UInt128.DivRem(value < 0 ? UInt128.Zero - (UInt128)value : (UInt128)value, One(decimals));
        whole.TryFormat(destination[written..], out var digits, default, CultureInfo.InvariantCulture);
        written += digits;
        return written + WriteRest((ulong)rest, decimals, destination[written..]);
    }

    private static ulong One(int decimals)
    {
        var one = 1UL;
        for (var i = 0; i < decimals; i++)
        {
            one *= 10;
        }
        return one;
    }

    /// <summary>Writes the point and what stands behind it, or nothing.</summary>
    private static int WriteRest(ulong rest, int decimals, Span<byte> destination)
    {
        if (rest == 0)
        {
            return 0;
        }
        destination[0] = (byte)'.';
        var length = 0;
        for (var i = decimals; i > 0; i--)
        {
            (rest, var digit) = Math.DivRem(rest, 10);
            destination[i] = (byte)('0' + digit);
            if (length == 0 && digit != 0)
            {
                length = i + 1;
            }
        }
        return length;
    }
}
