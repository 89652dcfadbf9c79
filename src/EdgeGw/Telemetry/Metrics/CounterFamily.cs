namespace EdgeGw.Telemetry.Metrics;

/// <summary>Counters of one name.</summary>
public sealed class CounterFamily : MetricFamily<Counter>
{
    private readonly int _scale;

    internal CounterFamily(MetricOptions options, Counter? overflow)
        : base(MetricType.Counter, options, overflow, static labels => new Counter(labels)) => _scale = options.Scale;

    private protected override void WriteSeries(in ExpositionWriter writer, Counter series) =>
        writer.Sample(BaseName, "_total"u8, series.Labels, series.Value, _scale);
}
