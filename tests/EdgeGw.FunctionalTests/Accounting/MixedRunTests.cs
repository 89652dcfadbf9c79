using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Accounting;

/// <summary>Two thousand calls of every kind at once: at the end both books agree to the nano-dollar, call by call and in every total.</summary>
public sealed class MixedRunTests
{
    private const int Requests = 2000;
    private const int Parallel = 32;
    private const string Budget = "everything";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task MixedRun_streamedUnstreamedAbortedAndFailed_totalsEqualTheProviderToTheNanoDollar()
    {
        await using var provider = await FakeProvider.StartAsync();
        var config = GatewayConfig.For(provider);
        config["identity"]!["anonymous"] = false;
        config["budgets"] = new JsonArray(GatewayConfig.Budget(Budget, 1_000_000), GatewayConfig.Budget("each-key", 1_000_000, "key"));
        // Room for every caller that leaves: what is drained to its end is known to the token.
        config["abort"] = new JsonObject { ["policy"] = "drain", ["max_seconds"] = 60, ["max_concurrent"] = 1000 };
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        string[] keys = [await gateway.AdminApi.CreateKeyAsync("one"), await gateway.AdminApi.CreateKeyAsync("two"), await gateway.AdminApi.CreateKeyAsync("three")];

        var unexpected = new ConcurrentQueue<string>();
        await System.Threading.Tasks.Parallel.ForEachAsync(
            Enumerable.Range(0, Requests),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel },
            async (index, cancellation) =>
            {
                var planned = MixedCall.Number(index, keys[index % keys.Length]);
                if (await planned.RunAsync(gateway.Client, provider.Ledger, cancellation) is { } complaint)
                {
                    unexpected.Enqueue(complaint);
                }
            });
        Assert.Empty(unexpected);
        await provider.Ledger.QuiesceAsync(Patience);
        Assert.Equal(Requests, provider.Ledger.Calls.Count);
        await Eventually.TrueAsync(() => gateway.Log.Records.Count >= Requests, $"{Requests} usage records", Patience);

        CompareCalls(provider.Ledger, gateway.Log.Records);
        var billed = provider.Ledger.Calls.Sum(Prices.Cost);
        Assert.True(billed > 0);
        Assert.Equal(billed, gateway.Log.Records.Sum(record => record.Cost));
        Assert.Equal(billed, await gateway.AdminApi.SettledAsync(Budget));
        Assert.Equal(billed, await gateway.AdminApi.SettledAsync("each-key"));
        Assert.Equal(billed, await gateway.AdminApi.RecordedCostAsync());
        Assert.Empty(provider.Ledger.Violations);

        // What was written must also be what is read after a restart.
        await gateway.StopAsync();
        await gateway.LaunchAsync();
        Assert.Equal(billed, await gateway.AdminApi.RecordedCostAsync());
        Assert.Equal(billed, await gateway.AdminApi.SettledAsync(Budget));
    }

    private static void CompareCalls(ProviderLedger ledger, IReadOnlyCollection<RequestRecord> records)
    {
        Assert.Equal(Requests, records.Count);
        var byCall = records.ToDictionary(record => record.Call!);
        var wrong = new List<string>();
        foreach (var call in ledger.Calls)
        {
            var record = byCall[call.Id];
            if (record.Cost != Prices.Cost(call) || record.Input != call.BilledInput || record.Output != call.BilledOutput
                || record.CachedInput != call.BilledCachedInput || record.CacheWrite != call.BilledCacheWrite)
            {
                wrong.Add($"provider: {call} = {Prices.Cost(call)} nano-dollars\n gateway: {record}");
            }
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {Requests} calls differ, the first ones:\n{string.Join('\n', wrong.Take(8))}");
    }
}
