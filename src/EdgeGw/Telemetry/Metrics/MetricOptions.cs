namespace EdgeGw.Telemetry.Metrics;

/// <summary>What defines a family.</summary>
/// <param name="Name">The full name, base unit included; counters end in <c>_total</c>.</param>
/// <param name="Help">One sentence for the scrape's HELP line.</param>
/// <param name="Labels">Label names, at most five.</param>
internal sealed record MetricOptions(string Name, string Help, params IReadOnlyList<string> Labels)
{
    internal const int DefaultMaxSeries = 1000;

    /// <summary>Decimal places between the recorded unit and the exposed one: 9 for nano-dollars, 6 for microseconds.</summary>
    public int Scale { get; init; }

    /// <summary>Series beyond this share the one named <c>other</c>.</summary>
    public int MaxSeries { get; init; } = DefaultMaxSeries;
}
