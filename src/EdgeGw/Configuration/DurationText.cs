using System.Globalization;
using System.Text;

namespace EdgeGw.Configuration;

/// <summary>Durations as people write them: <c>500ms</c>, <c>10s</c>, <c>2m</c>, <c>1h30m</c>, <c>90d</c>.</summary>
public static class DurationText
{
    private static readonly (string Name, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond),
    ];

    /// <summary>Whole numbers, each with its unit, larger units first. No sign, no spaces, no bare number.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan value)
    {
        value = default;
        var total = 0L;
        var nextUnit = 0;
        if (text.IsEmpty)
        {
            return false;
        }
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits is <= 0 or > 9)
            {
                return false;
            }
            var count = int.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            text = text[digits..];
            var letters = text.IndexOfAnyExceptInRange('a', 'z') is >= 0 and var end ? end : text.Length;
            var unit = -1;
            for (var i = nextUnit; i < Units.Length; i++)
            {
                unit = text[..letters].SequenceEqual(Units[i].Name) ? i : unit;
            }
            if (unit < 0 || count > (TimeSpan.MaxValue.Ticks - total) / Units[unit].Ticks)
            {
                return false;
            }
            total += count * Units[unit].Ticks;
            nextUnit = unit + 1;
            text = text[letters..];
        }
        value = new TimeSpan(total);
        return true;
    }

    /// <summary>The shortest form that <see cref="TryParse"/> reads back, for values of whole milliseconds.</summary>
    public static string Format(TimeSpan value)
    {
        var text = new StringBuilder();
        var rest = value.Ticks;
        foreach (var (name, ticks) in Units)
        {
            if (rest >= ticks)
            {
                text.Append(CultureInfo.InvariantCulture, $"{rest / ticks}{name}");
                rest %= ticks;
            }
        }
        return text.Length == 0 ? "0s" : text.ToString();
    }
}
