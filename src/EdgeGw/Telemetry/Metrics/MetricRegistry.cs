using System.Buffers;

namespace EdgeGw.Telemetry.Metrics;

/// <summary>All families of the process, in the order in which a scrape shows them.</summary>
/// <remarks>Families are made while the process starts, by one thread; recording and scraping go on from any number of threads.</remarks>
public sealed class MetricRegistry
{
    private readonly List<MetricSource> _sources = [];
    private readonly CounterFamily _overflow;

    public MetricRegistry()
    {
        _overflow = new CounterFamily(
            new("edgegw_metrics_overflow_total", "Recordings that went to the series named other because the family's bound was reached.", "family"), null);
        _sources.Add(_overflow);
    }

    /// <summary>Writes every family; the end marker where the format has one.</summary>
    public void Write(IBufferWriter<byte> output, ExpositionFormat format)
    {
        var writer = new ExpositionWriter(output, format);
        foreach (var source in _sources)
        {
            source.Write(writer);
        }
        writer.End();
    }

    internal CounterFamily Counter(MetricOptions options) => Add(new CounterFamily(options, Overflow(options)));

    internal GaugeFamily Gauge(MetricOptions options) => Add(new GaugeFamily(options, Overflow(options)));

    internal HistogramFamily Histogram(MetricOptions options, params long[] bounds) => Add(new HistogramFamily(options, Overflow(options), bounds));

    internal TSource Add<TSource>(TSource source)
        where TSource : MetricSource
    {
        _sources.Add(source);
        return source;
    }

    /// <summary>Counts what a bound of the caller's own sent to <c>other</c>.</summary>
    internal Counter Overflow(MetricOptions options) => _overflow.With(options.Name);
}
