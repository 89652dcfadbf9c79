using EdgeGw.Metering;
using EdgeGw.Requests;
using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Telemetry;

/// <summary>What a <c>gen_ai_</c> series is about.</summary>
internal readonly record struct GenAiKey(string Operation, string Provider, string Requested, string Answered);

/// <summary>All <c>gen_ai_</c> handles of one operation, provider and pair of models.</summary>
internal sealed class GenAiSeries(GenAiFamilies families, GenAiKey key)
{
    private const int FirstErrorStatus = 400;
    private readonly Histogram?[] _byStatus = new Histogram?[200];
    private Histogram? _duration;
    private Histogram? _firstToken;
    private Histogram? _perOutputToken;
    private Histogram? _input;
    private Histogram? _output;

    internal void Observe(UsageRecord record)
    {
        var total = Microseconds.FromMilliseconds(record.TotalMilliseconds);
        Duration(record).Observe(total);
        if (record.UsageSource != UsageSource.None)
        {
            (_input ??= Tokens("input")).Observe(record.Usage.Input);
            (_output ??= Tokens("output")).Observe(record.Usage.Output);
        }
        if (record.Stream && record.Status is >= 200 and < 300 && record.FirstByteMilliseconds is { } milliseconds)
        {
            var first = Microseconds.FromMilliseconds(milliseconds);
            (_firstToken ??= families.FirstToken.With(key.Operation, key.Provider, key.Requested, key.Answered)).Observe(first);
            // Only whole answers with the provider's own count: anything else would be a guess divided by a guess.
            if (record.Outcome == Outcome.Completed && record.UsageSource == UsageSource.Provider && record.Usage.Output > 1)
            {
                (_perOutputToken ??= families.PerOutputToken.With(key.Operation, key.Provider, key.Requested, key.Answered))
                    .Observe((total - first) / (record.Usage.Output - 1));
            }
        }
    }

    private Histogram Duration(UsageRecord record)
    {
        if (record.Error is { } error)
        {
            return Duration(error);
        }
        return record.Status is >= FirstErrorStatus and < 600
            ? _byStatus[record.Status - FirstErrorStatus] ??= Duration(StatusText.Of(record.Status))
            : _duration ??= Duration("");
    }

    private Histogram Duration(string errorType) =>
        families.Duration.With(key.Operation, key.Provider, key.Requested, key.Answered, errorType);

    private Histogram Tokens(string type) => families.TokenUsage.With(key.Operation, key.Provider, key.Requested, key.Answered, type);
}
