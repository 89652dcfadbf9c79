using System.Numerics;

namespace EdgeGw.LoadTests.Measuring;

/// <summary>Counts of durations in log-linear buckets: each power of two of nanoseconds is split in 1024, so a value is off by less than 0.1 %.</summary>
/// <remarks>Bounded memory, taken at the first value; no allocation after it; mergeable. Not thread-safe: each worker has its own.</remarks>
public sealed class LatencyHistogram
{
    private const int SubBits = 10;
    private const int SubCount = 1 << SubBits;
    private const int MaxBits = 36; // 2^36 ns = 69 seconds; longer ones count as that.
    private int[] _counts = [];

    public long Count { get; private set; }

    public long Max { get; private set; }

    /// <summary>Negative durations, which a clock read on two processors can give, count as zero.</summary>
    public void Record(long nanoseconds, int times = 1)
    {
        nanoseconds = Math.Clamp(nanoseconds, 0, (1L << MaxBits) - 1);
        Reserve();
        _counts[IndexOf(nanoseconds)] += times;
        Count += times;
        Max = Math.Max(Max, nanoseconds);
    }

    public void Add(LatencyHistogram other)
    {
        if (other.Count > 0)
        {
            Reserve();
        }
        for (var i = 0; i < other._counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }
        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>Takes the memory now, so that recording does not.</summary>
    public void Reserve()
    {
        if (_counts.Length == 0)
        {
            _counts = new int[(MaxBits - SubBits + 1) * SubCount];
        }
    }

    /// <summary>The smallest bucket's middle that at least this share of the values do not exceed, in nanoseconds; 0 without values.</summary>
    /// <param name="fraction">0 to 1.</param>
    public double Quantile(double fraction)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(fraction * Count));
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank && _counts[i] > 0)
            {
                return Math.Min(MiddleOf(i), Max);
            }
        }
        return 0;
    }

    /// <summary>The buckets that are not empty: lower bound in nanoseconds and count.</summary>
    public IEnumerable<(long From, long Count)> Buckets()
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] > 0)
            {
                yield return (LowerBoundOf(i), _counts[i]);
            }
        }
    }

    private static int IndexOf(long value)
    {
        var shift = Math.Max(0, 63 - BitOperations.LeadingZeroCount((ulong)value | 1) - SubBits);
        return (shift << SubBits) + (int)(value >> shift);
    }

    private static int ShiftOf(int index) => Math.Max(0, (index >> SubBits) - 1);

    private static long LowerBoundOf(int index) => ((long)index - ((long)ShiftOf(index) << SubBits)) << ShiftOf(index);

    private static double MiddleOf(int index) => LowerBoundOf(index) + ((1L << ShiftOf(index)) - 1) / 2.0;
}
