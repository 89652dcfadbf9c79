namespace EdgeGw.Telemetry.Metrics;

/// <summary>What a family's samples mean.</summary>
internal enum MetricType : byte
{
    Counter,
    Gauge,
    Histogram,
    /// <summary>A constant 1 whose labels carry the information; a gauge to the older format.</summary>
    Info,
}
