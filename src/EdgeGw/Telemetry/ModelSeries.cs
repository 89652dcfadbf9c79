using EdgeGw.Metering;
using EdgeGw.Requests;
using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Telemetry;

/// <summary>All <c>edgegw_</c> handles of one provider and model, so that a finished record costs one look-up.</summary>
internal sealed class ModelSeries(ModelFamilies families, string provider, string model)
{
    private const int StatusClasses = 6;
    private const int Outcomes = 16;
    private static readonly string[] StatusNames = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"];

    // Filled on first use: a series that never happened is not exposed. Two threads may both fill a slot; the family gives both the same handle.
    private readonly Counter?[] _requests = new Counter?[StatusClasses * Outcomes];
    private readonly Counter?[] _usage = new Counter?[UsageClass.Count];
    private Counter? _costReturned;
    private Counter? _unpriced;
    private Counter? _estimated;

    internal Counter Cost { get; } = families.Cost.With(provider, model);
    internal Counter CostReturned => _costReturned ??= families.CostReturned.With(provider, model);
    internal Counter Unpriced => _unpriced ??= families.Unpriced.With(provider, model);
    internal Counter Estimated => _estimated ??= families.Estimated.With(provider, model);

    internal Counter Requests(int status, Outcome outcome)
    {
        var statusClass = status is >= 100 and < 600 ? status / 100 : 0;
        var slot = (statusClass * Outcomes) + Math.Min((int)outcome, Outcomes - 1);
        return _requests[slot] ??= families.Requests.With(provider, model, StatusNames[statusClass], WireNames.Of(outcome));
    }

    internal void AddUsage(in Usage usage)
    {
        var counts = UsageClass.Of(in usage);
        for (var index = 0; index < counts.Length; index++)
        {
            // Never below zero: the numbers are a provider's, and a counter cannot go back.
            if (counts[index] is > 0 and var amount)
            {
                var counter = _usage[index] ??= (index < UsageClass.TokenCount ? families.Tokens : families.Units)
                    .With(provider, model, UsageClass.Names[index]);
                counter.Add(amount);
            }
        }
    }
}
