using System.Text;

namespace EdgeGw.Telemetry.Metrics;

/// <summary>All series of one name: help, label names, and the bound on how many there may be.</summary>
/// <typeparam name="TSeries">The handle that records.</typeparam>
public abstract class MetricFamily<TSeries> : MetricSource
    where TSeries : class
{
    private readonly SeriesTable<TSeries> _series;
    private readonly MetricType _type;
    private readonly string _help;
    private readonly Counter? _overflow;

    private protected MetricFamily(MetricType type, MetricOptions options, Counter? overflow, Func<byte[], TSeries> create)
    {
        _type = type;
        _help = options.Help;
        _overflow = overflow;
        Labels = options.Labels;
        var suffix = type == MetricType.Counter ? "_total" : "";
        if (!options.Name.EndsWith(suffix, StringComparison.Ordinal))
        {
            throw new ArgumentException("A counter's name ends in _total.", nameof(options));
        }
        BaseName = Encoding.UTF8.GetBytes(options.Name[..^suffix.Length]);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Labels.Count, LabelValues.MaxCount, nameof(options));
        _series = new SeriesTable<TSeries>(Labels, options.MaxSeries, create);
        if (Labels.Count == 0)
        {
            // There is only one series, and a scrape shows it at zero from the start: absent is not the same as none.
            _series.Get(LabelValues.None, out _);
        }
    }

    /// <summary>Label names in the order of the arguments of <c>With</c>.</summary>
    public IReadOnlyList<string> Labels { get; }

    private protected byte[] BaseName { get; }

    internal ReadOnlySpan<TSeries> All => _series.All;

    /// <summary>The only series of a family without labels.</summary>
    public TSeries Single => Get(LabelValues.None, 0);

    /// <summary>The handle of one series. Keep it where the values are known: recording then needs no look-up.</summary>
    /// <remarks>Past the family's bound this is the shared series with the label value <c>other</c>.</remarks>
    public TSeries With(string a) => Get(new LabelValues(a, "", "", "", ""), 1);

    /// <inheritdoc cref="With(string)"/>
    public TSeries With(string a, string b) => Get(new LabelValues(a, b, "", "", ""), 2);

    /// <inheritdoc cref="With(string)"/>
    public TSeries With(string a, string b, string c) => Get(new LabelValues(a, b, c, "", ""), 3);

    /// <inheritdoc cref="With(string)"/>
    public TSeries With(string a, string b, string c, string d) => Get(new LabelValues(a, b, c, d, ""), 4);

    /// <inheritdoc cref="With(string)"/>
    public TSeries With(string a, string b, string c, string d, string e) => Get(new LabelValues(a, b, c, d, e), 5);

    internal sealed override void Write(in ExpositionWriter writer)
    {
        var series = All;
        if (series.IsEmpty)
        {
            return;
        }
        writer.Header(BaseName, _type, _help);
        foreach (var one in series)
        {
            WriteSeries(writer, one);
        }
    }

    private protected abstract void WriteSeries(in ExpositionWriter writer, TSeries series);

    private TSeries Get(LabelValues values, int count)
    {
        if (count != Labels.Count)
        {
            throw new ArgumentException($"The family has {Labels.Count} labels, not {count}.", nameof(count));
        }
        var series = _series.Get(values, out var overflowed);
        if (overflowed)
        {
            _overflow?.Increment();
        }
        return series;
    }
}
