using System.Buffers.Text;
using EdgeGw.Pricing;

namespace EdgeGw.Requests;

/// <summary>A duration as Go prints it, and OpenAI with it: <c>120ms</c>, <c>1.5s</c>, <c>6m0s</c>. Rounded up to a millisecond.</summary>
internal readonly record struct GoDuration(TimeSpan Value) : IUtf8SpanFormattable
{
    private const int MaxLength = 48;

    public override string ToString() => Utf8Text.Of(this);

    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        bytesWritten = 0;
        if (utf8Destination.Length < MaxLength)
        {
            return false;
        }
        var milliseconds = (Value.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        if (milliseconds is > 0 and < 1000)
        {
            bytesWritten = Number(milliseconds, utf8Destination, "ms"u8);
            return true;
        }
        var (minutes, rest) = Math.DivRem(milliseconds, 60_000);
        if (minutes >= 60)
        {
            bytesWritten = Number(minutes / 60, utf8Destination, "h"u8);
        }
        if (minutes > 0)
        {
            bytesWritten += Number(minutes % 60, utf8Destination[bytesWritten..], "m"u8);
        }
        FixedPoint.TryFormat(rest, 3, utf8Destination[bytesWritten..], out var length);
        bytesWritten += length;
        utf8Destination[bytesWritten++] = (byte)'s';
        return true;
    }

    private static int Number(long value, Span<byte> destination, ReadOnlySpan<byte> unit)
    {
        Utf8Formatter.TryFormat(value, destination, out var length);
        unit.CopyTo(destination[length..]);
        return length + unit.Length;
    }
}
