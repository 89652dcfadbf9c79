using System.Globalization;

namespace EdgeGw.Admin;

/// <summary>Times in admin queries: RFC 3339, a plain UTC date, or a span such as <c>24h</c>, <c>7d</c>.</summary>
public static class AdminTime
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    /// <summary>An instant; a span counts back from <paramref name="now"/>.</summary>
    public static bool TryParsePast(string text, DateTimeOffset now, out DateTimeOffset time) => TryParse(text, now, -1, out time);

    /// <summary>An instant; a span counts forward from <paramref name="now"/>.</summary>
    public static bool TryParseFuture(string text, DateTimeOffset now, out DateTimeOffset time) => TryParse(text, now, 1, out time);

    private static bool TryParse(string text, DateTimeOffset now, int direction, out DateTimeOffset time)
    {
        time = now;
        if (TryParseSpan(text, out var span))
        {
            var ticks = (Int128)now.UtcTicks + (direction * span);
            if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks)
            {
                return false;
            }
            time = new DateTimeOffset((long)ticks, TimeSpan.Zero);
            return true;
        }
        return DateTimeOffset.TryParseExact(
            text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }

    private static bool TryParseSpan(string text, out Int128 ticks)
    {
        ticks = 0;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }
        var unit = text[^1] switch
        {
            's' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMinute,
            'h' => TimeSpan.TicksPerHour,
            'd' => TimeSpan.TicksPerDay,
            'w' => 7 * TimeSpan.TicksPerDay,
            _ => 0,
        };
        ticks = (Int128)count * unit;
        return unit != 0;
    }
}
