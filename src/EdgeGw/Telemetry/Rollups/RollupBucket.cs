using System.Globalization;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>How much time one row covers.</summary>
internal enum RollupResolution : byte
{
    Hour,
    Day,
    Month,
}

/// <summary>A span of UTC time, by its first hour since 1970.</summary>
internal readonly record struct RollupBucket(long Hour, RollupResolution Resolution)
{
    /// <summary>Hours stay apart for so long.</summary>
    private const long HoursKept = 48;

    /// <summary>Days stay apart for so long.</summary>
    private const long DaysKeptInHours = 62 * 24;

    private DateTime Start => DateTime.UnixEpoch.AddHours(Hour);

    /// <summary>In whole ticks: as a double, the last tick of an hour is already the next hour.</summary>
    internal static long HourOf(DateTimeOffset time) => (time.UtcTicks / TimeSpan.TicksPerHour) - (DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerHour);

    /// <summary>The bucket that this one becomes part of when rows must be saved: young hours stay, then days, then months.</summary>
    internal RollupBucket Coarser(long newestHour)
    {
        var age = newestHour - Hour;
        return Resolution switch
        {
            RollupResolution.Hour when age > HoursKept => At(Start.Date, RollupResolution.Day),
            RollupResolution.Day when age > DaysKeptInHours => At(new DateTime(Start.Year, Start.Month, 1), RollupResolution.Month),
            _ => this,
        };
    }

    /// <summary>The bucket's name at the resolution asked for, or at its own where that is coarser.</summary>
    internal string Label(RollupResolution asked) => (asked > Resolution ? asked : Resolution) switch
    {
        RollupResolution.Hour => Start.ToString("yyyy-MM-dd'T'HH':00:00Z'", CultureInfo.InvariantCulture),
        RollupResolution.Day => Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => Start.ToString("yyyy-MM", CultureInfo.InvariantCulture),
    };

    private static RollupBucket At(DateTime start, RollupResolution resolution) =>
        new((start.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerHour, resolution);
}
