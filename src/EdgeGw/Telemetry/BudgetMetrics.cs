using EdgeGw.Budgets;
using EdgeGw.Pricing;
using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Telemetry;

/// <summary>Limit, spent and held of every budget slot, bounded: of many slots those that spent most, the others of a budget summed as scope <c>other</c>.</summary>
internal sealed class BudgetMetrics(GatewayMetrics metrics) : MetricSource
{
    internal const int MaxSlots = 200;
    private static readonly string[] Labels = ["budget", "scope"];

    internal override void Write(in ExpositionWriter writer)
    {
        if (metrics.Budgets is not { } source)
        {
            return;
        }
        var slots = Bound(source());
        Family(writer, "edgegw_budget_limit_usd"u8, "What a budget allows in its window.", slots, static slot => slot.Limit);
        Family(writer, "edgegw_budget_spent_usd"u8, "What was spent in the budget's window.", slots, static slot => slot.Spent);
        Family(writer, "edgegw_budget_held_usd"u8, "What is held for running requests.", slots, static slot => slot.Held);
    }

    internal static IReadOnlyList<BudgetStatus> Bound(IReadOnlyList<BudgetStatus> slots)
    {
        if (slots.Count <= MaxSlots)
        {
            return slots;
        }
        var bySpent = slots.OrderByDescending(static slot => slot.Spent.Value + slot.Held.Value).ToArray();
        var others = bySpent[MaxSlots..].GroupBy(static slot => slot.Budget).Select(static group => new BudgetStatus(
            group.Key, LabelValues.Other, Sum(group, static slot => slot.Limit), Sum(group, static slot => slot.Spent),
            Sum(group, static slot => slot.Held), group.Min(static slot => slot.WindowStart), group.Max(static slot => slot.WindowEnd)));
        return [.. bySpent[..MaxSlots], .. others];
    }

    /// <summary>Saturates: limits are configured, and a million generous ones may exceed what 64 bits hold.</summary>
    private static NanoUsd Sum(IEnumerable<BudgetStatus> slots, Func<BudgetStatus, NanoUsd> amount)
    {
        Int128 sum = 0;
        foreach (var slot in slots)
        {
            sum += amount(slot).Value;
        }
        return new(long.CreateSaturating(sum));
    }

    private static void Family(
        in ExpositionWriter writer, ReadOnlySpan<byte> name, string help, IReadOnlyList<BudgetStatus> slots, Func<BudgetStatus, NanoUsd> amount)
    {
        if (slots.Count == 0)
        {
            return;
        }
        writer.Header(name, MetricType.Gauge, help);
        foreach (var slot in slots)
        {
            writer.Sample(name, default, LabelText.Render(Labels, new(slot.Budget, slot.Scope, "", "", "")), amount(slot).Value, 9);
        }
    }
}
