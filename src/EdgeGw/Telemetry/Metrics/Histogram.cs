namespace EdgeGw.Telemetry.Metrics;

/// <summary>One distribution over fixed buckets. Values are whole numbers in the family's unit (microseconds, tokens).</summary>
/// <remarks>Whole numbers, because then the sum is one interlocked add and exact; the exposition prints them in base units.</remarks>
public sealed class Histogram
{
    private readonly long[] _bounds;
    private readonly int _width;
    private readonly long[] _cells;

    internal Histogram(byte[] labels, long[] bounds)
    {
        Labels = labels;
        _bounds = bounds;
        _width = Stripes.Width(bounds.Length + 2);
        _cells = Stripes.Allocate(_width);
    }

    internal byte[] Labels { get; }

    /// <summary>The sum of all values seen.</summary>
    public long Sum => Total(_bounds.Length + 1);

    /// <summary>How many values were seen.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            for (var bucket = 0; bucket <= _bounds.Length; bucket++)
            {
                count += Total(bucket);
            }
            return count;
        }
    }

    /// <summary>Records one value; a negative one (a clock that went back) counts as zero.</summary>
    public void Observe(long value)
    {
        value = Math.Max(0, value);
        var bounds = _bounds;
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
        {
            bucket++;
        }
        var offset = Stripes.Offset(Stripes.Current, _width);
        Interlocked.Increment(ref _cells[offset + bucket]);
        Interlocked.Add(ref _cells[offset + bounds.Length + 1], value);
    }

    /// <summary>Values in one bucket alone; the bucket after the last bound holds the rest.</summary>
    internal long Total(int cell)
    {
        long sum = 0;
        for (var stripe = 0; stripe < Stripes.Count; stripe++)
        {
            sum += Volatile.Read(ref _cells[Stripes.Offset(stripe, _width) + cell]);
        }
        return sum;
    }
}
