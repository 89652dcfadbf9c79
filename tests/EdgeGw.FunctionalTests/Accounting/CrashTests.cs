using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Accounting;

/// <summary>kill -9 at random moments under load, again and again on one folder: spend is never forgotten and never invented.</summary>
public sealed class CrashTests
{
    private const string Budget = "all";
    private const int Callers = 16;

    // Settlements are not waited for, so a call that ended shortly before the kill may still be an open hold after it.
    private static readonly TimeSpan SettleLag = TimeSpan.FromSeconds(1);

    // Every byte of the body a token and the whole output cap, at twice the dearest price in use: no honest hold is larger.
    private static readonly long LargestHold = 2 * Prices.Of("messages").Cost(800, 0, 0, 200);

    [Fact]
    public async Task Kill_atRandomMomentsUnderLoad_neverLosesDeliveredSpendNorExceedsItByMoreThanOpenHolds()
    {
        var usual = Environment.GetEnvironmentVariable("EDGEGW_FAULT_SCALE") == "release" ? "2000" : "100";
        var kills = int.Parse(Environment.GetEnvironmentVariable("EDGEGW_KILLS") ?? usual, CultureInfo.InvariantCulture);
        var random = new Random(20261121);
        await using var provider = await FakeProvider.StartAsync();
        var config = GatewayConfig.For(provider);
        config["budgets"] = new JsonArray(GatewayConfig.Budget(Budget, 100_000));
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        var sequence = 0;
        long spentBefore = 0;

        for (var kill = 1; kill <= kills; kill++)
        {
            // Life by life, so that one life's slack is not lent to the next.
            var calls = new ConcurrentBag<CrashCall>();
            using var stop = new CancellationTokenSource();
            var load = Enumerable.Range(0, Callers).Select(_ => LoadAsync(gateway, calls, () => Interlocked.Increment(ref sequence), stop.Token)).ToArray();
            await Task.Delay(random.Next(1, 400), CancellationToken.None);
            Signals.SendKill(gateway.Process);
            var killed = TimeProvider.System.GetTimestamp();
            await stop.CancelAsync();
            await Task.WhenAll(load);
            await gateway.KillAsync();
            await provider.Ledger.QuiesceAsync(TimeSpan.FromSeconds(10));

            await gateway.LaunchAsync();
            var spent = await gateway.AdminApi.SettledAsync(Budget);
            var hold = gateway.Log.Records.Select(record => record.Hold).Append(0).Max();
            Assert.InRange(hold, 0, LargestHold);
            var (least, most) = Bounds(provider.Ledger, calls, killed, hold == 0 ? LargestHold : hold);
            var added = spent - spentBefore;
            Assert.True(added >= least, $"kill {kill}: {added} nano-dollars recorded, but {least} were delivered to callers");
            Assert.True(added <= most, $"kill {kill}: {added} nano-dollars recorded, but at most {most} were billed or held");
            Assert.Equal(spent, await gateway.AdminApi.RecordedCostAsync());
            spentBefore = spent;
        }
        Assert.True(spentBefore > 0);
        Assert.Empty(provider.Ledger.Violations);
    }

    private static async Task LoadAsync(EdgeGwProcess gateway, ConcurrentBag<CrashCall> calls, Func<int> next, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var number = next();
            var script = new FakeScript { Id = $"k{number:D7}", Input = 100, Output = 80, Chunks = 8, Pace = number % 3 };
            var call = new CrashCall(script.Id);
            calls.Add(call);
            try
            {
                using var response = await new Call(number % 2 == 0 ? CallerDialect.Chat : CallerDialect.Messages, script) { Stream = number % 4 != 0, MaxOutput = 200 }
                    .SendAsync(gateway.Client, stop);
                await using var body = await response.Content.ReadAsStreamAsync(stop);
                var buffer = new byte[4096];
                while (await body.ReadAsync(buffer, stop) is var read and > 0)
                {
                    call.Received = true;
                }
                call.Ended = TimeProvider.System.GetTimestamp();
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
            {
                // The process under the connection was killed: that is what this test is about.
                return;
            }
        }
    }

    /// <summary>What this life must have recorded at least, and what it may have at most, in nano-dollars.</summary>
    private static (long Least, long Most) Bounds(ProviderLedger ledger, IEnumerable<CrashCall> calls, long killed, long hold)
    {
        long least = 0, most = 0;
        foreach (var call in calls)
        {
            if (!ledger.TryFind(call.Id, out var row))
            {
                // Never reached the provider; its hold may have been journaled all the same.
                most += hold;
                continue;
            }
            var billed = Prices.Cost(row);
            var settled = call.Ended is { } ended && TimeProvider.System.GetElapsedTime(ended, killed) > SettleLag;
            least += call.Received ? billed : 0;
            most += settled ? billed : Math.Max(billed, hold);
        }
        return (least, most);
    }

    private sealed class CrashCall(string id)
    {
        private volatile bool _received;

        public string Id { get; } = id;

        /// <summary>The caller has seen at least one byte of the answer's body.</summary>
        public bool Received
        {
            get => _received;
            set => _received = value;
        }

        /// <summary>When the caller had the whole answer.</summary>
        public long? Ended { get; set; }
    }
}
