using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Tests.Telemetry.Metrics;

/// <summary>Acceptance C6, 66: user ids and junk model names must not blow up the metrics.</summary>
public sealed class SeriesBoundTests
{
    [Fact]
    public void Series_beyond_the_bound_share_other_and_are_counted()
    {
        var registry = new MetricRegistry();
        var family = registry.Counter(new("demo_total", "Demo.", "a", "b") { MaxSeries = 3 });
        for (var i = 0; i < 10; i++)
        {
            family.With("name" + i, "x").Increment();
        }

        Assert.Equal(4, family.All.Length);
        Assert.Equal(7, family.With("other", "other").Value);
        Assert.Same(family.With("name7", "x"), family.With("name8", "x"));
        Assert.Equal(1, family.With("name0", "x").Value);
        Assert.Equal(9, registry.Overflow(new("demo_total", "")).Value);
    }

    [Fact]
    public async Task Threads_that_meet_at_the_bound_lose_nothing()
    {
        var registry = new MetricRegistry();
        var family = registry.Counter(new("demo_total", "Demo.", "a") { MaxSeries = 50 });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                family.With("name" + (i % 100)).Increment();
            }
        })));

        Assert.Equal(51, family.All.Length);
        long sum = 0;
        foreach (var series in family.All)
        {
            sum += series.Value;
        }
        Assert.Equal(80_000, sum);
    }

    [Fact]
    public void Wrong_number_of_labels_is_a_programming_error()
    {
        var family = new MetricRegistry().Counter(new("demo_total", "Demo.", "a"));
        Assert.Throws<ArgumentException>(() => family.With("a", "b"));
        Assert.Throws<ArgumentException>(() => family.Single);
    }

    [Fact]
    public void Counter_never_goes_down() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MetricRegistry().Counter(new("demo_total", "Demo.")).Single.Add(-1));
}
