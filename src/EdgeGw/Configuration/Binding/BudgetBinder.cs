using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

internal static class BudgetBinder
{
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
            var window = BudgetWindowBinder.Bind(reader);
            var (action, downgrade) = Action(reader.Optional("at_limit"));
            var hard = reader.Optional("hard")?.Boolean() ?? false;
            var alerts = Alerts(reader.Optional("alerts"));
            if (name is not null && amount is { } limit && window is not null)
            {
                budgets.Add(new BudgetConfig
                {
                    Name = name,
                    Match = match,
                    Per = per,
                    Amount = limit.Amount,
                    GroupAmounts = limit.Groups,
                    Window = window,
                    AtLimit = action,
                    Downgrade = downgrade,
                    Hard = hard,
                    Alerts = alerts,
                });
            }
        }
        return budgets;
    }

    private static (AtLimit Action, string? Downgrade) Action(ConfigValue? value)
    {
        if (value is { Node.Kind: ConfigNodeKind.Object })
        {
            return ObjectReader.Open(value, Shapes.Downgrade)?.Required("downgrade")?.Text() is { } target ? (AtLimit.Downgrade, target) : default;
        }
        return (value?.OneOf("action", [("block", AtLimit.Block), ("warn", AtLimit.Warn), ("shadow", AtLimit.Shadow)]) ?? AtLimit.Block, null);
    }

    private static List<int> Alerts(ConfigValue? value)
    {
        var alerts = new List<int>();
        foreach (var item in value?.Items() ?? [])
        {
            if (item.Integer(1, 1000) is { } percent)
            {
                if (alerts.Count > 0 && percent <= alerts[^1])
                {
                    item.Fault("stands after a larger one or twice: percentages of the amount, ascending");
                }
                alerts.Add(percent);
            }
        }
        return alerts;
    }
}
