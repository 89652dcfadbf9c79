using EdgeGw.Configuration;
using EdgeGw.Requests;

namespace EdgeGw.Tests.Requests;

public sealed class DrainLimiterTests
{
    [Fact]
    public void Caller_leaving_under_cancel_stops_the_provider_at_once()
    {
        using var caller = new CancellationTokenSource();
        using var watch = new CallerWatch(caller.Token, new DrainLimiter(), new AbortConfig { Policy = AbortPolicy.Cancel }, TimeProvider.System);
        caller.Cancel();
        Assert.True(watch.CallerGone);
        Assert.True(watch.Token.IsCancellationRequested);
    }

    [Fact]
    public void Caller_leaving_under_drain_lets_the_provider_go_on_up_to_the_number_allowed()
    {
        var drains = new DrainLimiter();
        using var caller = new CancellationTokenSource();
        var watches = Enumerable.Range(0, 3).Select(_ => new CallerWatch(caller.Token, drains, new AbortConfig { MaxConcurrent = 2 }, TimeProvider.System)).ToArray();
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
        using var draining = new CallerWatch(first.Token, drains, new AbortConfig(), TimeProvider.System);
        using var later = new CallerWatch(second.Token, drains, new AbortConfig(), TimeProvider.System);
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
        using var watch = new CallerWatch(new CancellationToken(canceled: true), new DrainLimiter(), new AbortConfig { Policy = AbortPolicy.Cancel }, TimeProvider.System);
        Assert.True(watch.CallerGone);
    }
}
