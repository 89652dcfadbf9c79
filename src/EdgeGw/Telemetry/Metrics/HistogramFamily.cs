namespace EdgeGw.Telemetry.Metrics;

/// <summary>Histograms of one name and one set of buckets.</summary>
public sealed class HistogramFamily : MetricFamily<Histogram>
{
    private readonly int _scale;
    private readonly byte[][] _textBounds;
    private readonly byte[][] _openMetricsBounds;

    /// <param name="bounds">Upper bounds, inclusive and ascending, in the recorded unit.</param>
    internal HistogramFamily(MetricOptions options, Counter? overflow, long[] bounds)
        : base(MetricType.Histogram, options, overflow, labels => new Histogram(labels, bounds))
    {
        _scale = options.Scale;
        _textBounds = Array.ConvertAll(bounds, bound => BucketBound.Render(bound, options.Scale, ExpositionFormat.Text));
        _openMetricsBounds = Array.ConvertAll(bounds, bound => BucketBound.Render(bound, options.Scale, ExpositionFormat.OpenMetrics));
    }

    private protected override void WriteSeries(in ExpositionWriter writer, Histogram series)
    {
        var bounds = writer.Format == ExpositionFormat.OpenMetrics ? _openMetricsBounds : _textBounds;
        // The sum first: a value recorded meanwhile then shows in the count alone, and an average is never too high.
        var sum = series.Sum;
        long cumulative = 0;
        for (var bucket = 0; bucket < bounds.Length; bucket++)
        {
            cumulative += series.Total(bucket);
            writer.Bucket(BaseName, series.Labels, bounds[bucket], cumulative);
        }
        cumulative += series.Total(bounds.Length);
        writer.Bucket(BaseName, series.Labels, "+Inf"u8, cumulative);
        writer.Sample(BaseName, "_sum"u8, series.Labels, sum, _scale);
        writer.Sample(BaseName, "_count"u8, series.Labels, cumulative, 0);
    }
}
