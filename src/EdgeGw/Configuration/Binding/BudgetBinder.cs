using EdgeGw.Configuration.Reading;
using EdgeGw.Pricing;

namespace EdgeGw.Configuration.Binding;

internal static class BudgetBinder
{
    /// <summary>A tenth of what 64 bits of nano-dollars hold: sums of many budgets' holds must not come near the edge.</summary>
    private const decimal LargestAmount = 900_000_000m;

    private const decimal SuspiciousAmount = 10_000_000m;

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
            var per = Dimensions(reader.Optional("per"));
            var amount = Amount(reader.Required("amount_usd"));
            var window = reader.Required("window")?.OneOf("window", [("day", BudgetWindow.Day), ("month", BudgetWindow.Month)],
                "hour", "week", "rolling");
            var zone = Zone(reader.Optional("timezone"));
            if (name is not null && amount is { } limit && window is { } length)
            {
                budgets.Add(new BudgetConfig { Name = name, Per = per, Amount = limit, Window = length, TimeZone = zone });
            }
        }
        return budgets;
    }

    private static List<BudgetDimension> Dimensions(ConfigValue? value)
    {
        var dimensions = new List<BudgetDimension>();
        foreach (var item in value?.Items() ?? [])
        {
            if (item.Node.Text.StartsWith("metadata.", StringComparison.Ordinal))
            {
                item.Fault("the dimension \"metadata.…\" is not available in this version; available: key");
                continue;
            }
            var dimension = item.OneOf("dimension", [("key", BudgetDimension.Key)],
                "user", "email", "group", "service", "model", "provider", "route", "environment");
            if (dimension is { } known)
            {
                if (dimensions.Contains(known))
                {
                    item.Fault($"{item.Shown} stands here twice");
                }
                dimensions.Add(known);
            }
        }
        return dimensions;
    }

    private static NanoUsd? Amount(ConfigValue? value)
    {
        if (value is null)
        {
            return null;
        }
        if (value.Node.Kind == ConfigNodeKind.Object)
        {
            value.Fault("amounts by group are not available in this version: one amount for all");
            return null;
        }
        if (value.Decimal() is not { } dollars)
        {
            return null;
        }
        if (dollars is <= 0 or > LargestAmount)
        {
            value.Fault($"must be more than 0 and at most {LargestAmount} dollars");
            return null;
        }
        if (dollars >= SuspiciousAmount)
        {
            value.Warn($"is {dollars} dollars: the unit is dollars, not cents or nano-dollars");
        }
        return NanoUsd.FromDollars(dollars);
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
