using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

internal static class BudgetBinder
{
    private static readonly (string, DayOfWeek)[] Weekdays =
        [.. Enum.GetValues<DayOfWeek>().Select(static day => (day.ToString().ToLowerInvariant(), day))];

    public static List<BudgetConfig> Bind(ConfigValue? value)
    {
        var budgets = new List<BudgetConfig>();
        var names = new UniqueNames("budget");
        foreach (var item in value?.Items() ?? [])
        {
            if (ObjectReader.Open(item, Shapes.Budget) is not { } reader)
            {
                continue;
            }
            var name = names.Read(reader.Required("name"));
            var match = CallMatchBinder.Bind(reader.Optional("match"));
            var per = CallDimensionsBinder.Bind(reader.Optional("per"));
            var amount = BudgetAmountBinder.Bind(reader.Required("amount_usd"));
            var window = reader.Required("window")?.OneOf(
                "window", [("hour", BudgetWindow.Hour), ("day", BudgetWindow.Day), ("week", BudgetWindow.Week), ("month", BudgetWindow.Month)], "rolling");
            var zone = Zone(reader.Optional("timezone"));
            var action = Action(reader.Optional("at_limit"));
            var (week, month) = StartDay(reader.Optional("start_day"), window);
            if (name is not null && amount is { } limit && window is { } length)
            {
                budgets.Add(new BudgetConfig
                {
                    Name = name,
                    Match = match,
                    Per = per,
                    Amount = limit.Amount,
                    GroupAmounts = limit.Groups,
                    Window = length,
                    WeekStart = week,
                    MonthStart = month,
                    TimeZone = zone,
                    AtLimit = action,
                });
            }
        }
        return budgets;
    }

    private static AtLimit Action(ConfigValue? value)
    {
        if (value is { Node.Kind: ConfigNodeKind.Object })
        {
            value.Fault("a downgrade is not available in this version; available: block, warn, shadow");
            return AtLimit.Block;
        }
        return value?.OneOf("action", [("block", AtLimit.Block), ("warn", AtLimit.Warn), ("shadow", AtLimit.Shadow)]) ?? AtLimit.Block;
    }

    private static (DayOfWeek Week, int Month) StartDay(ConfigValue? value, BudgetWindow? window)
    {
        switch (window)
        {
            case BudgetWindow.Week:
                return (value?.OneOf("day", Weekdays) ?? DayOfWeek.Monday, 1);
            case BudgetWindow.Month:
                return (DayOfWeek.Monday, value?.Integer(1, 28) ?? 1);
            case not null:
                value?.Fault("is for windows of a week or a month");
                break;
        }
        return (DayOfWeek.Monday, 1);
    }

    private static TimeZoneInfo Zone(ConfigValue? value)
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
