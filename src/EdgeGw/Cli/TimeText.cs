using System.Globalization;
using EdgeGw.Configuration;

namespace EdgeGw.Cli;

/// <summary>Moments as people write them on a command line.</summary>
public static class TimeText
{
    /// <summary>What a message may say about the form.</summary>
    public const string Expected = "a date (2026-11-01, at 00:00 UTC), an RFC 3339 time (2026-11-01T08:00:00Z), a time ago (-7d, -12h), or now";

    private static readonly string[] Rfc3339 =
    [
        "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset moment)
    {
        if (text == "now")
        {
            moment = now;
            return true;
        }
        if (text.StartsWith('-') && DurationText.TryParse(text.AsSpan(1), out var ago))
        {
            return TryAdd(now, -ago, out moment);
        }
        return TryParseDate(text, out moment);
    }

    /// <summary>An expiry: a duration from now (<c>90d</c>), or a moment in the future.</summary>
    public static bool TryParseExpiry(string text, DateTimeOffset now, out DateTimeOffset moment)
    {
        if (DurationText.TryParse(text, out var duration))
        {
            return TryAdd(now, duration, out moment) && moment > now;
        }
        return TryParseDate(text, out moment) && moment > now;
    }

    private static bool TryParseDate(string text, out DateTimeOffset moment)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, Utc, out moment)
            || DateTimeOffset.TryParseExact(text, Rfc3339, CultureInfo.InvariantCulture, Utc, out moment);
    }

    private static bool TryAdd(DateTimeOffset now, TimeSpan duration, out DateTimeOffset moment)
    {
        moment = now;
        if (duration > DateTimeOffset.MaxValue - now || -duration > now - DateTimeOffset.MinValue)
        {
            return false;
        }
        moment = now + duration;
        return true;
    }
}
