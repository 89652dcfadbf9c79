using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Operations;

/// <summary>SIGTERM: running streams finish, are settled and written; nobody new is let in.</summary>
public sealed class StopTests
{
    private const string Budget = "all";

    [Fact]
    public async Task Stop_underRunningStreams_letsThemFinishAndSettlesThem()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await StartAsync(provider, shutdown: "30s");
        var streams = Enumerable.Range(0, 8).Select(index => CallResult.OfAsync(
            gateway.Client,
            new Call((CallerDialect)(index % 4), new FakeScript { Id = $"s{index}", Output = 100, Chunks = 100, Pace = 15 }) { Stream = true })).ToArray();
        await Eventually.TrueAsync(() => provider.Ledger.Calls.Count == 8 && provider.Ledger.Calls.All(call => call.Delivered > 0), "eight running streams");

        Signals.SendTerm(gateway.Process);
        await Eventually.TrueAsync(() => RefusesNewCallersAsync(gateway), "new callers to be refused");
        Assert.Contains(provider.Ledger.Calls, call => call.Ending == CallEnding.Running);
        var results = await Task.WhenAll(streams);
        await gateway.WaitForExitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(0, gateway.ExitCode);
        Assert.All(results, result => Assert.True((int)result.Status == 200 && result.Broken is null, result.Text));
        Assert.All(provider.Ledger.Calls, call => Assert.Equal(CallEnding.Completed, call.Ending));
        var billed = provider.Ledger.Calls.Sum(Prices.Cost);
        // The process is gone: whatever is not on standard output now was lost.
        Assert.Equal(8, gateway.Log.Records.Count(record => record.Call is not null));
        Assert.Equal(billed, gateway.Log.Records.Sum(record => record.Cost));
        await gateway.LaunchAsync();
        Assert.Equal(billed, await gateway.AdminApi.SettledAsync(Budget));
        Assert.Equal(billed, await gateway.AdminApi.RecordedCostAsync());
    }

    [Fact]
    public async Task Stop_withAProviderThatNeverEnds_endsAtItsOwnLimitAndSettles()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await StartAsync(provider, shutdown: "1s");
        var call = new Call(CallerDialect.Messages, new FakeScript { Id = "endless", Output = 100, Chunks = 10, Fail = FakeFailure.HangBody }) { Stream = true };
        var stream = CallResult.OfAsync(gateway.Client, call);
        await Eventually.TrueAsync(() => provider.Ledger.TryFind("endless", out var row) && row.Delivered > 0, "the stream");

        Signals.SendTerm(gateway.Process);
        await gateway.WaitForExitAsync(TimeSpan.FromSeconds(15));

        Assert.Equal(0, gateway.ExitCode);
        await stream;
        Assert.Equal("endless", Assert.Single(gateway.Log.Records).Call);
        await gateway.LaunchAsync();
        Assert.Equal(gateway.Log.Records.Sum(record => record.Cost), await gateway.AdminApi.SettledAsync(Budget));
    }

    [Fact]
    public async Task Stop_ofAnIdleGateway_isQuick()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await StartAsync(provider, shutdown: "30s");
        // An idle keep-alive connection must not hold the process up.
        await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()));
        Signals.SendTerm(gateway.Process);
        await gateway.WaitForExitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(0, gateway.ExitCode);
    }

    private static Task<EdgeGwProcess> StartAsync(FakeProvider provider, string shutdown)
    {
        var config = GatewayConfig.For(provider);
        config["timeouts"] = new JsonObject { ["shutdown"] = shutdown };
        config["budgets"] = new JsonArray(GatewayConfig.Budget(Budget, 1000));
        return EdgeGwProcess.StartAsync(config);
    }

    private static async Task<bool> RefusesNewCallersAsync(EdgeGwProcess gateway)
    {
        using var newcomer = Clients.Plain(gateway.Data);
        try
        {
            using var response = await newcomer.GetAsync("/");
            return (int)response.StatusCode == 503;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }
}
