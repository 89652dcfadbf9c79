using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

/// <summary>A budget's <c>window</c>, with the <c>start_day</c> and <c>timezone</c> that belong to it.</summary>
internal static class BudgetWindowBinder
{
    private const string Rolling = "rolling ";

    public static readonly (string, DayOfWeek)[] Weekdays =
        [.. Enum.GetValues<DayOfWeek>().Select(static day => (day.ToString().ToLowerInvariant(), day))];

    /// <summary>Null, with the fault reported, when it is no window.</summary>
    public static BudgetWindow? Bind(ObjectReader reader)
    {
        var value = reader.Required("window");
        var zone = reader.Optional("timezone");
        var start = reader.Optional("start_day");
        if (value?.Node.Text.StartsWith(Rolling, StringComparison.Ordinal) == true)
        {
            zone?.Fault("is for windows of the calendar: a rolling window has no midnight");
            start?.Fault("is for windows of a week or a month");
            return RollingWindow(value);
        }
        var kind = value?.OneOf(
            "window", [("hour", WindowKind.Hour), ("day", WindowKind.Day), ("week", WindowKind.Week), ("month", WindowKind.Month)]);
        var timeZone = Zone(zone);
        switch (kind)
        {
            case WindowKind.Week:
                return new BudgetWindow { Kind = WindowKind.Week, Zone = timeZone, WeekStart = start?.OneOf("day", Weekdays) ?? DayOfWeek.Monday };
            case WindowKind.Month:
                return new BudgetWindow { Kind = WindowKind.Month, Zone = timeZone, MonthStart = start?.Integer(1, 28) ?? 1 };
            case { } other:
                start?.Fault("is for windows of a week or a month");
                return new BudgetWindow { Kind = other, Zone = timeZone };
            case null:
                return null;
        }
    }

    private static BudgetWindow? RollingWindow(ConfigValue value)
    {
        if (DurationText.TryParse(value.Node.Text.AsSpan(Rolling.Length), out var length)
            && length >= BudgetWindow.ShortestRolling && length <= BudgetWindow.LongestRolling)
        {
            return BudgetWindow.Rolling(length);
        }
        value.Fault("a rolling window has a length from 1m to 366d, such as \"rolling 24h\"");
        return null;
    }

    /// <summary>UTC where there is none, or the fault is reported.</summary>
    public static TimeZoneInfo Zone(ConfigValue? value)
    {
        if (value?.Text() is not { } id)
        {
            return TimeZoneInfo.Utc;
        }
        // The lookup opens a file of that name: only what IANA names are made of may reach it.
        var plain = id.Length is > 0 and <= 64 && char.IsAsciiLetter(id[0]) && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+');
        if (plain && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
        {
            return zone;
        }
        var known = TimeZoneInfo.GetSystemTimeZones();
        value.Fault(
            known.Count > 1 ? $"unknown time zone {value.Shown}" : $"unknown time zone {value.Shown}: this machine has no time zone data (package tzdata)",
            NameSuggestion.Nearest(id, known.Select(z => z.Id)));
        return TimeZoneInfo.Utc;
    }
}
