using System.Globalization;

namespace EdgeGw.Pricing;

/// <summary>Hours of the day (UTC) in which a provider's token rates are a multiple of its others.</summary>
/// <param name="Factor">What the rates are multiplied with, at least 1.</param>
/// <param name="Hours">Bit <c>h</c> stands for the hour that starts at <c>h</c>:00 UTC.</param>
/// <param name="WeekdaysOnly">Saturday and Sunday (UTC) have no peak. Public holidays count as weekdays: the cost errs upwards there.</param>
public sealed record PeakHours(int Factor, int Hours, bool WeekdaysOnly)
{
    public bool Contains(DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        return (Hours >> utc.Hour & 1) != 0 && !(WeekdaysOnly && utc.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday);
    }

    /// <summary>Such as <c>x2 at 1-4,6-10 UTC on weekdays</c>.</summary>
    public override string ToString()
    {
        var spans = new List<string>();
        for (var hour = 0; hour < 24; hour++)
        {
            var from = hour;
            while (hour < 24 && (Hours >> hour & 1) != 0)
            {
                hour++;
            }
            if (hour > from)
            {
                spans.Add(string.Create(CultureInfo.InvariantCulture, $"{from}-{hour}"));
            }
        }
        return string.Create(CultureInfo.InvariantCulture, $"x{Factor} at {string.Join(',', spans)} UTC{(WeekdaysOnly ? " on weekdays" : "")}");
    }

    /// <summary>Reads <c>from-to</c> spans of whole hours, the end not included.</summary>
    /// <exception cref="ArgumentException">No such span within a day.</exception>
    internal static int ParseHours(IEnumerable<string> spans)
    {
        var hours = 0;
        foreach (var span in spans)
        {
            var dash = span.IndexOf('-');
            if (dash <= 0
                || !int.TryParse(span.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var from)
                || !int.TryParse(span.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var to)
                || from >= to || to > 24)
            {
                throw new ArgumentException($"No span of hours: {span}", nameof(spans));
            }
            for (var hour = from; hour < to; hour++)
            {
                hours |= 1 << hour;
            }
        }
        return hours;
    }
}
