using EdgeGw.Pricing;

namespace EdgeGw.Requests;

/// <summary>What the gateway added to a call, as <c>server-timing</c> tells it (W3C Server Timing): milliseconds, to the microsecond.</summary>
internal readonly record struct ServerTiming(TimeSpan Overhead) : IUtf8SpanFormattable
{
    private static ReadOnlySpan<byte> Metric => "gateway;dur="u8;

    public override string ToString() => Utf8Text.Of(this);

    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        bytesWritten = 0;
        if (!Metric.TryCopyTo(utf8Destination) || !FixedPoint.TryFormat((Overhead.Ticks + 5) / 10, 3, utf8Destination[Metric.Length..], out var length))
        {
            return false;
        }
        bytesWritten = Metric.Length + length;
        return true;
    }
}
