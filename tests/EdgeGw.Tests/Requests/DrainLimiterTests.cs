using EdgeGw.Configuration;
using EdgeGw.Requests;
using EdgeGw.Tests.Upstream;

namespace EdgeGw.Tests.Requests;

public sealed class DrainLimiterTests
{
    [Fact]
    public void Caller_leaving_under_cancel_stops_the_provider_at_once()
    {
        using var caller = new CancellationTokenSource();
        using var watch = new CallerWatch(new DrainLimiter(), TimeProvider.System).Begin(caller.Token, new AbortConfig { Policy = AbortPolicy.Cancel });
        caller.Cancel();
        Assert.True(watch.CallerGone);
        Assert.True(watch.Token.IsCancellationRequested);
    }

    [Fact]
    public void Caller_leaving_under_drain_lets_the_provider_go_on_up_to_the_number_allowed()
    {
        var drains = new DrainLimiter();
        using var caller = new CancellationTokenSource();
        var watches = Enumerable.Range(0, 3).Select(_ => new CallerWatch(drains, TimeProvider.System).Begin(caller.Token, new AbortConfig { MaxConcurrent = 2 })).ToArray();
        caller.Cancel();
        Assert.Equal(2, watches.Count(watch => !watch.Token.IsCancellationRequested));
        Assert.Equal(2, drains.Count);
        foreach (var watch in watches)
        {
            watch.Dispose();
        }
        Assert.Equal(0, drains.Count);
    }

    [Fact]
    public void Close_ends_what_is_drained_and_admits_no_more()
    {
        var drains = new DrainLimiter();
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        using var draining = new CallerWatch(drains, TimeProvider.System).Begin(first.Token, new AbortConfig());
        using var later = new CallerWatch(drains, TimeProvider.System).Begin(second.Token, new AbortConfig());
        first.Cancel();
        Assert.False(draining.Token.IsCancellationRequested);

        drains.Close();
        second.Cancel();

        Assert.True(draining.Token.IsCancellationRequested);
        Assert.True(later.Token.IsCancellationRequested);
    }

    [Fact]
    public void Caller_that_had_left_before_the_watch_began_is_seen()
    {
        using var watch = new CallerWatch(new DrainLimiter(), TimeProvider.System).Begin(new CancellationToken(canceled: true), new AbortConfig { Policy = AbortPolicy.Cancel });
        Assert.True(watch.CallerGone);
    }

    [Fact]
    public void Watch_whose_caller_stayed_watches_the_next_and_hears_nothing_of_the_first()
    {
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var policy = new AbortConfig { Policy = AbortPolicy.Cancel };
        using var watch = new CallerWatch(new DrainLimiter(), TimeProvider.System).Begin(first.Token, policy);
        watch.Dispose();
        Assert.True(watch.TryReset());

        watch.Begin(second.Token, policy);
        first.Cancel();
        Assert.False(watch.CallerGone);

        second.Cancel();
        Assert.True(watch.CallerGone);
        Assert.True(watch.Token.IsCancellationRequested);
    }

    [Fact]
    public void Watch_whose_caller_left_is_not_used_again()
    {
        using var caller = new CancellationTokenSource();
        using var watch = new CallerWatch(new DrainLimiter(), TimeProvider.System).Begin(caller.Token, new AbortConfig());
        caller.Cancel();
        watch.Dispose();
        Assert.False(watch.TryReset());
    }

    [Fact]
    public void Drain_ends_after_its_time()
    {
        var time = new ManualTime();
        using var caller = new CancellationTokenSource();
        using var watch = new CallerWatch(new DrainLimiter(), time).Begin(caller.Token, new AbortConfig { MaxDuration = TimeSpan.FromSeconds(5) });
        caller.Cancel();
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(watch.Token.IsCancellationRequested);
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(watch.Token.IsCancellationRequested);
    }
}
