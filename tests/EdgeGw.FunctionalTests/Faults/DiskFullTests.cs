using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;
using EdgeGw.Storage.Tests;

namespace EdgeGw.FunctionalTests.Faults;

/// <summary>A real disk that another program fills up under load, and frees again.</summary>
public sealed class DiskFullTests
{
    private const string Budget = "all";
    private const int Callers = 8;

    private enum WayBack
    {
        ByItself,
        StoppedWhileFull,
        KilledWhileFull,
    }

    [RequiresLoopMountFact]
    public async Task FullDisk_refusesNewCalls_losesNoSpend_andServesAgainOnceFreed()
    {
        using var disk = LoopFileSystem.Create(700 << 20);
        await using var provider = await FakeProvider.StartAsync();
        var config = GatewayConfig.For(provider);
        config["budgets"] = new JsonArray(GatewayConfig.Budget(Budget, 100_000));
        config["data_dir"] = Path.Combine(disk.Path, "data");
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        var sequence = 0;
        var cycles = FaultScale.Of(ci: 3, release: 30);
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            var way = (WayBack)(cycle % 3);
            var calls = new ConcurrentBag<(string Id, CallResult Result)>();
            using var stop = new CancellationTokenSource();
            var load = Enumerable.Range(0, Callers).Select(_ => LoadAsync(gateway, calls, () => Interlocked.Increment(ref sequence), stop.Token)).ToArray();
            await Eventually.TrueAsync(() => calls.Count > 20 * Callers, "calls");
            // Nearly full or quite: with and without room for a checkpoint.
            disk.Fill(butBytes: way == WayBack.ByItself && cycle % 2 == 0 ? 200 << 20 : 0);
            await Eventually.TrueAsync(() => calls.Any(static call => call.Result.Status == HttpStatusCode.ServiceUnavailable), "a refusal");
            var (ready, reasons) = await gateway.AdminApi.GetAsync("/readyz", authorized: false);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (ready, reasons.Contains("disk_nearly_full", StringComparison.Ordinal)));

            await stop.CancelAsync();
            await Task.WhenAll(load);
            await provider.Ledger.QuiesceAsync(TimeSpan.FromSeconds(10));
            CheckCalls(calls, provider.Ledger);
            await CheckBooksAsync(gateway, provider.Ledger);
            await ReturnAsync(gateway, disk, way);
            await CheckBooksAsync(gateway, provider.Ledger);
        }
        await gateway.StopAsync();
        Assert.Equal(0, gateway.ExitCode);
        var verified = await EdgeGwCommand.RunAsync(["verify-journal", "--data-dir", gateway.DataDirectory]);
        Assert.True(verified.ExitCode == 0, verified.All);
        Assert.Empty(provider.Ledger.Violations);
    }

    private static async Task LoadAsync(EdgeGwProcess gateway, ConcurrentBag<(string Id, CallResult Result)> calls, Func<int> next, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var number = next();
            var script = new FakeScript { Id = $"f{number:D7}", Input = 100, Output = 80, Chunks = 8, Pace = number % 3 };
            var call = new Call(number % 2 == 0 ? CallerDialect.Chat : CallerDialect.Messages, script) { Stream = number % 4 != 0, MaxOutput = 200 };
            var result = await CallResult.OfAsync(gateway.Client, call);
            calls.Add((script.Id, result));
            if (result.Status == HttpStatusCode.ServiceUnavailable)
            {
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }

    /// <summary>Whoever was admitted got all of it; whoever was refused was told why, and cost nothing.</summary>
    private static void CheckCalls(IEnumerable<(string Id, CallResult Result)> calls, ProviderLedger ledger)
    {
        foreach (var (id, result) in calls)
        {
            Assert.Null(result.Broken);
            if (result.Status == HttpStatusCode.OK)
            {
                Assert.True(ledger.TryFind(id, out _), id);
                continue;
            }
            Assert.Equal(HttpStatusCode.ServiceUnavailable, result.Status);
            Assert.Contains("disk_nearly_full", result.Text, StringComparison.Ordinal);
            Assert.False(ledger.TryFind(id, out _), id);
        }
    }

    private static async Task CheckBooksAsync(EdgeGwProcess gateway, ProviderLedger ledger)
    {
        var billed = ledger.Calls.Sum(Prices.Cost);
        Assert.Equal(billed, await gateway.AdminApi.SettledAsync(Budget));
        Assert.Equal(billed, await gateway.AdminApi.RecordedCostAsync());
        Assert.Equal(0, await gateway.AdminApi.MetricAsync("edgegw_open_holds"));
        Assert.DoesNotContain(gateway.Log.Records, static record => record.Presumed);
    }

    private static async Task ReturnAsync(EdgeGwProcess gateway, LoopFileSystem disk, WayBack way)
    {
        if (way == WayBack.ByItself)
        {
            disk.Free();
            await Eventually.TrueAsync(async () => await gateway.AdminApi.ReadyAsync() == HttpStatusCode.OK, "/readyz after the disk was freed");
            return;
        }
        await Eventually.TrueAsync(async () => await gateway.AdminApi.MetricAsync("edgegw_journal_durable_lag_records") == 0, "the journal");
        if (way == WayBack.KilledWhileFull)
        {
            await gateway.KillAsync();
        }
        else
        {
            // The closing checkpoint has no room.
            await gateway.StopAsync();
            Assert.Equal(0, gateway.ExitCode);
            Assert.Contains("A checkpoint failed", gateway.Log.Text + gateway.Errors.Text, StringComparison.Ordinal);
        }
        try
        {
            await gateway.LaunchAsync(HttpStatusCode.ServiceUnavailable);
            await gateway.KillAsync();
        }
        catch (InvalidOperationException refused)
        {
            Assert.Contains("No space left", refused.Message, StringComparison.Ordinal);
        }
        disk.Free();
        await gateway.LaunchAsync();
    }
}
