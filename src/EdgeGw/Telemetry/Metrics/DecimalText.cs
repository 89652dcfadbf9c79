using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;

namespace EdgeGw.Telemetry.Metrics;

/// <summary>Whole numbers of a small unit as exact decimals of the big one: 12350 billionths are <c>0.00001235</c>.</summary>
/// <remarks>Money must not pass through binary floating point on its way to a scrape or a record.</remarks>
internal static class DecimalText
{
    /// <summary>Enough for any 128-bit value with sign and point.</summary>
    internal const int MaxLength = 48;

    /// <summary>Writes <paramref name="value"/> / 10^<paramref name="scale"/> without exponent and without trailing zeros; returns the length.</summary>
    /// <param name="scale">Decimal places, 0 to 18.</param>
    internal static int Format(long value, int scale, Span<byte> destination) => Format((Int128)value, scale, destination);

    /// <inheritdoc cref="Format(long, int, Span{byte})"/>
    internal static int Format(Int128 value, int scale, Span<byte> destination)
    {
        Debug.Assert(scale is >= 0 and <= 18);
        var length = 0;
        if (Int128.IsNegative(value))
        {
            destination[length++] = (byte)'-';
        }
        // Through the unsigned type, because the most negative value has no positive twin.
        var magnitude = Int128.IsNegative(value) ? UInt128.Zero - (UInt128)value : (UInt128)value;
        var unit = UInt128.One;
        for (var i = 0; i < scale; i++)
        {
            unit *= 10;
        }
        var (whole, fraction) = UInt128.DivRem(magnitude, unit);
        whole.TryFormat(destination[length..], out var written, default, CultureInfo.InvariantCulture);
        length += written;
        return fraction == 0 ? length : length + FormatFraction((ulong)fraction, scale, destination[length..]);
    }

    private static int FormatFraction(ulong fraction, int scale, Span<byte> destination)
    {
        destination[0] = (byte)'.';
        var format = new System.Buffers.StandardFormat('D', (byte)scale);
        Utf8Formatter.TryFormat(fraction, destination[1..], out var digits, format);
        while (destination[digits] == (byte)'0')
        {
            digits--;
        }
        return 1 + digits;
    }
}
