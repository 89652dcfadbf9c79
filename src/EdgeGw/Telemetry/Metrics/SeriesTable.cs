using System.Collections.Concurrent;

namespace EdgeGw.Telemetry.Metrics;

/// <summary>A family's series by label values, at most so many; values beyond that share one series whose labels are all <c>other</c>.</summary>
internal sealed class SeriesTable<TSeries>(IReadOnlyList<string> labels, int maxSeries, Func<byte[], TSeries> create)
    where TSeries : class
{
    private readonly ConcurrentDictionary<LabelValues, TSeries> _byValues = new();
    private readonly Lock _adding = new();

    // Append-only and in order of creation, so that a scrape reads without a lock and its lines keep their order.
    private TSeries[] _all = [];
    private TSeries? _overflow;

    internal ReadOnlySpan<TSeries> All => Volatile.Read(ref _all);

    /// <summary>The series of these values; <paramref name="overflowed"/> when the bound put it into the shared one.</summary>
    internal TSeries Get(LabelValues values, out bool overflowed)
    {
        overflowed = false;
        if (_byValues.TryGetValue(values, out var series))
        {
            return series;
        }
        if (Volatile.Read(ref _overflow) is { } shared)
        {
            overflowed = true;
            return shared;
        }
        return Add(values, out overflowed);
    }

    private TSeries Add(LabelValues values, out bool overflowed)
    {
        lock (_adding)
        {
            overflowed = false;
            if (_byValues.TryGetValue(values, out var series))
            {
                return series;
            }
            overflowed = _all.Length >= maxSeries;
            if (overflowed && _overflow is { } shared)
            {
                return shared;
            }
            var key = overflowed ? LabelValues.AllOther(labels.Count) : values;
            if (!_byValues.TryGetValue(key, out series))
            {
                series = create(LabelText.Render(labels, key));
                _byValues[key] = series;
                Volatile.Write(ref _all, [.. _all, series]);
            }
            if (overflowed)
            {
                Volatile.Write(ref _overflow, series);
            }
            return series;
        }
    }
}
