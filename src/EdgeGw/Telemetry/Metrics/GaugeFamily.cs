namespace EdgeGw.Telemetry.Metrics;

/// <summary>Gauges of one name.</summary>
public sealed class GaugeFamily : MetricFamily<Gauge>
{
    private readonly int _scale;

    internal GaugeFamily(MetricOptions options, Counter? overflow)
        : base(MetricType.Gauge, options, overflow, static labels => new Gauge(labels)) => _scale = options.Scale;

    private protected override void WriteSeries(in ExpositionWriter writer, Gauge series) =>
        writer.Sample(BaseName, default, series.Labels, series.Value, _scale);
}
