namespace EdgeGw.Telemetry.Metrics;

/// <summary>One series that goes up and down. Units are the family's.</summary>
public sealed class Gauge
{
    // Alone on its lines, so that neighbours on the heap are not slowed by it.
    private readonly long[] _cells = new long[2 * Stripes.Padding];

    internal Gauge(byte[] labels) => Labels = labels;

    internal byte[] Labels { get; }

    public long Value => Volatile.Read(ref _cells[Stripes.Padding]);

    public void Set(long value) => Volatile.Write(ref _cells[Stripes.Padding], value);

    public void Add(long amount) => Interlocked.Add(ref _cells[Stripes.Padding], amount);

    public void Increment() => Interlocked.Increment(ref _cells[Stripes.Padding]);

    public void Decrement() => Interlocked.Decrement(ref _cells[Stripes.Padding]);
}
