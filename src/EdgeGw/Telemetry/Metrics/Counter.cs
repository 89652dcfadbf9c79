namespace EdgeGw.Telemetry.Metrics;

/// <summary>One monotone series. Units are the family's: a family of scale 9 counts billionths.</summary>
/// <remarks>Exact under concurrency: recording is one interlocked add on the caller's stripe, without allocation.</remarks>
public sealed class Counter
{
    private static readonly int Width = Stripes.Width(1);
    private readonly long[] _cells = Stripes.Allocate(Width);

    internal Counter(byte[] labels) => Labels = labels;

    /// <summary>The series' labels as they stand between the braces of the exposition.</summary>
    internal byte[] Labels { get; }

    /// <summary>The sum so far. Successive reads never decrease.</summary>
    public long Value
    {
        get
        {
            long sum = 0;
            for (var stripe = 0; stripe < Stripes.Count; stripe++)
            {
                sum += Volatile.Read(ref _cells[Stripes.Offset(stripe, Width)]);
            }
            return sum;
        }
    }

    public void Increment() => Interlocked.Increment(ref _cells[Stripes.Offset(Stripes.Current, Width)]);

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="amount"/> is negative: a counter never goes down.</exception>
    public void Add(long amount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        Interlocked.Add(ref _cells[Stripes.Offset(Stripes.Current, Width)], amount);
    }
}
