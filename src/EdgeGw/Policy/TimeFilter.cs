using EdgeGw.Configuration;

namespace EdgeGw.Policy;

/// <summary>Whether a moment is among those that a <see cref="TimeMatch"/> describes, by the wall clock of its zone.</summary>
internal static class TimeFilter
{
    /// <remarks>The moment becomes local time and never the other way round: so an hour that daylight saving repeats counts twice, one that it skips never.</remarks>
    public static bool Matches(TimeMatch match, DateTimeOffset moment)
    {
        var local = TimeZoneInfo.ConvertTime(moment, match.Zone);
        var time = local.TimeOfDay;
        if (match.From < match.To)
        {
            return time >= match.From && time < match.To && IsDay(match, local.DayOfWeek);
        }
        return time >= match.From
            ? IsDay(match, local.DayOfWeek)
            : time < match.To && IsDay(match, (DayOfWeek)(((int)local.DayOfWeek + 6) % 7));
    }

    private static bool IsDay(TimeMatch match, DayOfWeek day) => match.Days.Count == 0 || match.Days.Contains(day);
}
