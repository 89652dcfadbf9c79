using System.Collections.Concurrent;
using EdgeGw.FunctionalTests.Accounting;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Selfcheck;

/// <summary>The calls of the mixed run, made to the provider itself: each must end as planned, or the run would prove nothing.</summary>
public sealed class MixedCallTests
{
    [Fact]
    public async Task MixedCalls_withoutAGateway_endAsPlannedAndInEveryKind()
    {
        await using var provider = await FakeProvider.StartAsync();
        using var client = Clients.Plain(provider.BaseUrl);
        var complaints = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (index, cancellation) =>
        {
            if (await MixedCall.Number(index, FakeProvider.ApiKey).RunAsync(client, provider.Ledger, cancellation) is { } complaint)
            {
                complaints.Enqueue(complaint);
            }
        });
        await provider.Ledger.QuiesceAsync(TimeSpan.FromSeconds(10));
        Assert.Empty(complaints);
        Assert.Equal(400, provider.Ledger.Calls.Count);
        // Without a gateway that drains, a caller who leaves stops the provider.
        Assert.InRange(provider.Ledger.Calls.Count(call => call.Ending == CallEnding.Aborted), 60, 80);
        Assert.True(provider.Ledger.Calls.Count(call => call.Ending == CallEnding.Failed) > 60);
        Assert.True(provider.Ledger.Calls.Count(call => call.Ending == CallEnding.Completed) > 220);
        Assert.Equal(5, provider.Ledger.Calls.Select(call => call.Dialect).Distinct().Count());
    }
}
