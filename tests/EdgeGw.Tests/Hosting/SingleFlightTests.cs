using EdgeGw.Hosting;

namespace EdgeGw.Tests.Hosting;

public sealed class SingleFlightTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Calls_during_a_run_share_one_more_run_after_it()
    {
        using var finish = new SemaphoreSlim(0);
        using var began = new SemaphoreSlim(0);
        var runs = 0;
        var flight = new SingleFlight<int>(() =>
        {
            var run = Interlocked.Increment(ref runs);
            began.Release();
            Assert.True(finish.Wait(Patience));
            return run;
        });
        var first = flight.RunAsync();
        Assert.True(await began.WaitAsync(Patience));

        var during = Enumerable.Range(0, 100).Select(_ => flight.RunAsync()).ToArray();
        Assert.False(began.Wait(0));
        finish.Release(2);

        Assert.Equal(1, await first.WaitAsync(Patience));
        Assert.All(await Task.WhenAll(during).WaitAsync(Patience), run => Assert.Equal(2, run));
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Every_call_sees_a_run_that_began_after_it_and_no_two_run_at_once()
    {
        var version = 0;
        var running = 0;
        var flight = new SingleFlight<int>(() =>
        {
            Assert.Equal(1, Interlocked.Increment(ref running));
            var seen = Volatile.Read(ref version);
            Interlocked.Decrement(ref running);
            return seen;
        });
        await Parallel.ForEachAsync(Enumerable.Range(0, 500), async (_, _) =>
        {
            var mine = Interlocked.Increment(ref version);
            Assert.True(await flight.RunAsync() >= mine);
        });
    }

    [Fact]
    public async Task A_run_that_fails_fails_for_its_callers_and_the_next_one_runs()
    {
        var runs = 0;
        var flight = new SingleFlight<int>(() => ++runs == 1 ? throw new InvalidOperationException() : runs);
        await Assert.ThrowsAsync<InvalidOperationException>(flight.RunAsync);
        Assert.Equal(2, await flight.RunAsync());
    }
}
