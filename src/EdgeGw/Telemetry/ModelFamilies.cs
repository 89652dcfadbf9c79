using EdgeGw.Metering;
using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Telemetry;

/// <summary>The families labelled by provider and model.</summary>
internal sealed class ModelFamilies
{
    internal ModelFamilies(MetricRegistry registry, int maxModels)
    {
        // The models are bounded before they get here; the families need room for every combination of those.
        Requests = registry.Counter(new("edgegw_requests_total", "Finished attempts by how they ended.", "provider", "model", "status", "outcome")
        {
            MaxSeries = maxModels * 20,
        });
        Tokens = registry.Counter(new(
            "edgegw_tokens_total", "Tokens by class. Types input and output are the totals; every other type is a part of one of them.",
            "provider", "model", "type")
        {
            MaxSeries = maxModels * UsageClass.TokenCount,
        });
        Units = registry.Counter(new("edgegw_usage_units_total", "Billed units that are not tokens.", "provider", "model", "unit")
        {
            MaxSeries = maxModels * (UsageClass.Count - UsageClass.TokenCount),
        });
        Cost = registry.Counter(new("edgegw_cost_usd_total", "Cost in US dollars, exact to the nano-dollar.", "provider", "model")
        {
            MaxSeries = maxModels,
            Scale = 9,
        });
        CostReturned = registry.Counter(new(
            "edgegw_cost_returned_usd_total", "By how much presumed costs were too high, once the usage was known; the cost less this was spent.",
            "provider", "model")
        {
            MaxSeries = maxModels,
            Scale = 9,
        });
        Unpriced = registry.Counter(new(
            "edgegw_unpriced_requests_total", "Answers for which no price was known: charged at the ceiling or not at all.", "provider", "model")
        {
            MaxSeries = maxModels,
        });
        Estimated = registry.Counter(new(
            "edgegw_estimated_usage_total", "Answers whose usage was estimated, because the provider reported none.", "provider", "model")
        {
            MaxSeries = maxModels,
        });
    }

    internal CounterFamily Requests { get; }
    internal CounterFamily Tokens { get; }
    internal CounterFamily Units { get; }
    internal CounterFamily Cost { get; }
    internal CounterFamily CostReturned { get; }
    internal CounterFamily Unpriced { get; }
    internal CounterFamily Estimated { get; }
}
