using EdgeGw.Configuration;

namespace EdgeGw.Identity;

/// <summary>Whether a configuration asks for callers' groups. Where it does, a caller whose groups cannot be known is refused: which rules hold for it nobody knows.</summary>
internal static class GroupRules
{
    public static bool AreIn(GatewayConfig config) =>
        config.Budgets.Any(static budget => AsksIn(budget.Match) || AsksIn(budget.Per) || budget.GroupAmounts.Count > 0)
        || config.Limits.Any(static limit => AsksIn(limit.Match) || AsksIn(limit.Per))
        || config.Policies.Any(static policy => AsksIn(policy.Match?.Calls) || policy.Match?.Except.Any(static exception => AsksIn(exception.Calls)) == true
            || policy.Limits.Any(static limit => AsksIn(limit.Per)))
        || (config.Velocity is { } velocity && AsksIn(velocity.Per))
        || config.Pricing.CustomCost is { Groups.Count: > 0 }
        || config.Pricing.Overrides.Any(static price => price.Match is { Groups.Count: > 0 });

    private static bool AsksIn(CallMatch? match) => match is { Groups.Count: > 0 };

    private static bool AsksIn(IReadOnlyList<CallDimension> per) => per.Any(static dimension => dimension.Kind == CallDimensionKind.Group);
}
