using System.Collections.Frozen;
using EdgeGw.Configuration.Reading;
using EdgeGw.Pricing;

namespace EdgeGw.Configuration.Binding;

/// <summary>A budget's amount: one for all, or a default and those of groups.</summary>
internal static class BudgetAmountBinder
{
    /// <summary>A tenth of what 64 bits of nano-dollars hold: sums of many budgets' holds must not come near the edge.</summary>
    private const decimal LargestAmount = 900_000_000m;

    private const decimal SuspiciousAmount = 10_000_000m;

    private static readonly FrozenDictionary<string, NanoUsd> NoGroups = FrozenDictionary<string, NanoUsd>.Empty;

    /// <summary>Null, with the fault reported, when there is no amount for everybody.</summary>
    public static (NanoUsd Amount, IReadOnlyDictionary<string, NanoUsd> Groups)? Bind(ConfigValue? value)
    {
        if (value is null)
        {
            return null;
        }
        if (value.Node.Kind != ConfigNodeKind.Object)
        {
            return Dollars(value) is { } amount ? (amount, NoGroups) : null;
        }
        if (ObjectReader.Open(value, Shapes.Amounts) is not { } reader)
        {
            return null;
        }
        var groups = new Dictionary<string, NanoUsd>(StringComparer.Ordinal);
        if (reader.Optional("groups") is { } list && ObjectReader.Open(list, Shapes.GroupAmounts) is { } named)
        {
            foreach (var (group, dollars) in named.Values)
            {
                if (Dollars(dollars) is { } amount)
                {
                    groups[group] = amount;
                }
            }
        }
        return reader.Required("default") is { } rest && Dollars(rest) is { } otherwise ? (otherwise, groups.ToFrozenDictionary(StringComparer.Ordinal)) : null;
    }

    private static NanoUsd? Dollars(ConfigValue value)
    {
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
}
