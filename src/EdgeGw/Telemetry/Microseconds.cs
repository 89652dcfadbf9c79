namespace EdgeGw.Telemetry;

/// <summary>Milliseconds of a record as whole microseconds.</summary>
internal static class Microseconds
{
    /// <summary>NaN and negative times are zero; longer than a year is a year, so that no sum of them overflows.</summary>
    internal static long FromMilliseconds(double milliseconds) =>
        milliseconds > 0 ? (long)(Math.Min(milliseconds, 365 * 86_400_000d) * 1000) : 0;
}
