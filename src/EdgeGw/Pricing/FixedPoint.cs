using System.Buffers.Text;

namespace EdgeGw.Pricing;

/// <summary>An integer count of a unit's decimal part as an exact decimal: 12350 with nine decimals is <c>0.00001235</c>.</summary>
internal static class FixedPoint
{
    /// <summary>Sign, 19 digits, a point and a zero before it.</summary>
    public const int MaxLength = 22;

    /// <summary>Writes it without an exponent and without trailing zeros.</summary>
    /// <param name="decimals">1 to 18.</param>
    public static bool TryFormat(long value, int decimals, Span<byte> destination, out int written)
    {
        written = 0;
        if (destination.Length < MaxLength)
        {
            return false;
        }
        var magnitude = value < 0 ? 0UL - (ulong)value : (ulong)value;
        var one = 1UL;
        for (var i = 0; i < decimals; i++)
        {
            one *= 10;
        }
        var (whole, rest) = Math.DivRem(magnitude, one);
        if (value < 0)
        {
            destination[written++] = (byte)'-';
        }
        Utf8Formatter.TryFormat(whole, destination[written..], out var digits);
        written += digits;
        if (rest == 0)
        {
            return true;
        }
        destination[written] = (byte)'.';
        var end = written + decimals;
        var length = 0;
        for (var i = end; i > written; i--)
        {
            (rest, var digit) = Math.DivRem(rest, 10);
            destination[i] = (byte)('0' + digit);
            if (length == 0 && digit != 0)
            {
                length = i + 1;
            }
        }
        written = length;
        return true;
    }
}
