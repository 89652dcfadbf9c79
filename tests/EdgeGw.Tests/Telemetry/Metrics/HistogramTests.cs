using EdgeGw.Telemetry.Metrics;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Telemetry.Metrics;

public sealed class HistogramTests
{
    private static readonly long[] Bounds = [0, 5, 10, 100, 1000];

    [Fact]
    public void Buckets_equal_a_count_of_the_values() =>
        Prop.ForAll(Gen.Choose(-10, 2000).ListOf().ToArbitrary(), values =>
        {
            var histogram = new Histogram([], Bounds);
            foreach (var value in values)
            {
                histogram.Observe(value);
            }
            var clamped = values.Select(static value => Math.Max(0, value)).ToList();
            long cumulative = 0;
            for (var i = 0; i < Bounds.Length; i++)
            {
                cumulative += histogram.Total(i);
                if (cumulative != clamped.Count(value => value <= Bounds[i]))
                {
                    return false;
                }
            }
            return histogram.Count == clamped.Count && histogram.Sum == clamped.Sum();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Concurrent_recordings_are_exact()
    {
        var histogram = new Histogram([], Bounds);
        var counter = new Counter([]);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                histogram.Observe(7);
                counter.Add(3);
            }
        })));

        Assert.Equal(400_000, histogram.Count);
        Assert.Equal(2_800_000, histogram.Sum);
        Assert.Equal(400_000, histogram.Total(2));
        Assert.Equal(1_200_000, counter.Value);
    }
}
