using System.Text;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Accounting;

/// <summary>Callers that leave: what was used is recorded and paid, whichever policy holds.</summary>
public sealed class AbortTests : IAsyncLifetime
{
    private const string Budget = "all";
    private FakeProvider _provider = null!;

    public static TheoryData<CallerDialect> Streaming => [CallerDialect.Chat, CallerDialect.Responses, CallerDialect.Messages, CallerDialect.Gemini];

    public async Task InitializeAsync() => _provider = await FakeProvider.StartAsync();

    public async Task DisposeAsync() => await _provider.DisposeAsync();

    [Theory]
    [MemberData(nameof(Streaming))]
    public async Task CallerLeaving_underDrain_isBilledTheProvidersTrueUsage(CallerDialect dialect)
    {
        await using var gateway = await StartAsync("drain");
        var call = new Call(dialect, new FakeScript { Id = "drained", Input = 300, Output = 120, Chunks = 60, Pace = 5 }) { Stream = true };
        await LeaveAfterAsync(gateway, call, bytes: 200);

        var record = await gateway.Log.RecordOfCallAsync("drained");
        var row = _provider.Ledger["drained"];
        Assert.Equal(CallEnding.Completed, row.Ending);
        Assert.Equal("client_aborted", record.Outcome);
        Assert.Equal("provider", record.UsageSource);
        Assert.Equal(Prices.Cost(row), record.Cost);
        Assert.Equal(record.Cost, await gateway.AdminApi.SettledAsync(Budget));
    }

    [Theory]
    [MemberData(nameof(Streaming))]
    public async Task CallerLeaving_underCancel_stopsTheProviderAndPaysForWhatPassed(CallerDialect dialect)
    {
        await using var gateway = await StartAsync("cancel");
        var call = new Call(dialect, new FakeScript { Id = "cancelled", Input = 300, Output = 4000, Chunks = 4000, Pace = 2 }) { Stream = true };
        var seen = await LeaveAfterAsync(gateway, call, bytes: 40_000);

        await _provider.Ledger.QuiesceAsync(TimeSpan.FromSeconds(10));
        var row = _provider.Ledger["cancelled"];
        Assert.Equal(CallEnding.Aborted, row.Ending);
        Assert.True(row.Generated < 4000);
        var record = await gateway.Log.RecordOfCallAsync("cancelled");
        var deltas = CountDeltas(seen, dialect);
        Assert.True(deltas > 10, $"the caller saw {deltas} pieces");
        Assert.Equal("client_aborted", record.Outcome);
        // One token a piece: the placeholder of one output token that Anthropic sends first must not win over what was seen.
        Assert.True(record.Output >= deltas, $"{deltas} tokens seen, recorded: {record}");
        Assert.True(record.Cost > 0 && record.Cost <= record.Hold, record.ToString());
        Assert.Equal(record.Cost, await gateway.AdminApi.SettledAsync(Budget));
    }

    [Theory]
    [InlineData("drain")]
    [InlineData("cancel")]
    public async Task CallerLeavingBeforeTheHead_ofASilentProvider_leavesNoHoldBehind(string policy)
    {
        await using var gateway = await StartAsync(policy, maxSeconds: 1);
        using var leave = new CancellationTokenSource();
        var sending = new Call(CallerDialect.Messages, new FakeScript { Id = "silent", Fail = FakeFailure.HangHead }).SendAsync(gateway.Client, leave.Token);
        await Eventually.TrueAsync(() => _provider.Ledger.TryFind("silent", out _), "the call at the provider");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);

        await _provider.Ledger.QuiesceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(CallEnding.Aborted, _provider.Ledger["silent"].Ending);
        var record = await gateway.Log.RecordOfCallAsync("silent");
        Assert.Equal("client_aborted", record.Outcome);
        Assert.Equal(record.Cost, await gateway.AdminApi.SettledAsync(Budget));
    }

    [Fact]
    public async Task UnstreamedCall_whoseCallerLeaves_isBilledInFullUnderDrain()
    {
        await using var gateway = await StartAsync("drain");
        using var leave = new CancellationTokenSource();
        var script = new FakeScript { Id = "whole", Input = 500, Output = 200, Chunks = 20, Pace = 10 };
        var sending = new Call(CallerDialect.Chat, script).SendAsync(gateway.Client, leave.Token);
        await Eventually.TrueAsync(() => _provider.Ledger.TryFind("whole", out _), "the call at the provider");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);

        var record = await gateway.Log.RecordOfCallAsync("whole");
        Assert.Equal(Prices.Cost(_provider.Ledger["whole"]), record.Cost);
        Assert.Equal(200, record.Output);
    }

    [Fact]
    public async Task LeavingAgainAndAgain_neverSpendsMoreThanTheBudget()
    {
        const decimal dollars = 0.25m;
        await using var gateway = await StartAsync("drain", amount: dollars);
        var refused = 0;
        for (var i = 0; i < 60 && refused < 3; i++)
        {
            var call = new Call(CallerDialect.Chat, new FakeScript { Id = $"again{i}", Input = 20, Output = 1500, Chunks = 30, Pace = 1 }) { Stream = true, MaxOutput = 1500 };
            using var response = await call.SendAsync(gateway.Client);
            if ((int)response.StatusCode == 429)
            {
                refused++;
                continue;
            }
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[50]);
        }
        Assert.Equal(3, refused);
        await _provider.Ledger.QuiesceAsync(TimeSpan.FromSeconds(10));
        var billed = _provider.Ledger.Calls.Sum(Prices.Cost);
        Assert.InRange(billed, 1, (long)(dollars * 1_000_000_000m));
        Assert.Equal(billed, await gateway.AdminApi.SettledAsync(Budget));
    }

    [Theory]
    [InlineData("drain")]
    [InlineData("cancel")]
    public async Task ThousandCallersLeavingAtRandomBytes_leaveOneRecordEach_andNothingOpen(string policy)
    {
        const int callers = 1000;
        await using var gateway = await StartAsync(policy);
        await LeaveAtRandomAsync(gateway, 0, callers / 2);
        var open = OpenFiles.Count(gateway.Process);
        await LeaveAtRandomAsync(gateway, callers / 2, callers);

        Assert.Equal(callers, gateway.Log.Records.Select(record => record.Call).Distinct().Count());
        Assert.Equal(callers, gateway.Log.Records.Count);
        Assert.Equal(gateway.Log.Records.Sum(record => record.Cost), await gateway.AdminApi.SettledAsync(Budget));
        // As many callers again: what leaks for each would show as hundreds. Idle connections to the provider are as many as were in use at once, which varies.
        await Eventually.TrueAsync(() => OpenFiles.Count(gateway.Process) <= open + 150, $"about the {open} open files of before");
    }

    private Task<EdgeGwProcess> StartAsync(string policy, int maxSeconds = 30, decimal amount = 1_000_000)
    {
        var config = GatewayConfig.For(_provider);
        config["abort"] = new JsonObject { ["policy"] = policy, ["max_seconds"] = maxSeconds, ["max_concurrent"] = 200 };
        config["budgets"] = new JsonArray(GatewayConfig.Budget(Budget, amount));
        return EdgeGwProcess.StartAsync(config);
    }

    private async Task LeaveAtRandomAsync(EdgeGwProcess gateway, int from, int to)
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(from, to - from),
            new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (index, _) =>
            {
                var call = new Call((CallerDialect)(index % 4), new FakeScript { Id = $"r{index}", Output = 60, Chunks = 60, Pace = 1 }) { Stream = true };
                await LeaveAfterAsync(gateway, call, new Random(index).Next(1, 9000));
            });
        await _provider.Ledger.QuiesceAsync(TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(() => gateway.Log.Records.Count >= to, "a record of each caller");
        foreach (var gauge in (string[])["edgegw_open_holds", "edgegw_active_requests"])
        {
            await Eventually.TrueAsync(async () => await gateway.AdminApi.MetricAsync(gauge) == 0, $"{gauge} to fall to zero");
        }
    }

    /// <summary>Reads about so many bytes and hangs up; returns what was read.</summary>
    private static async Task<string> LeaveAfterAsync(EdgeGwProcess gateway, Call call, int bytes)
    {
        using var response = await call.SendAsync(gateway.Client);
        Assert.Equal(200, (int)response.StatusCode);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[bytes];
        var length = await body.ReadAtLeastAsync(buffer, bytes, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static int CountDeltas(string seen, CallerDialect dialect)
    {
        var mark = dialect switch
        {
            CallerDialect.Chat => "{\"content\":\"",
            CallerDialect.Responses => "event: response.output_text.delta",
            CallerDialect.Messages => "event: content_block_delta",
            _ => "\"parts\":[{\"text\":",
        };
        return seen.Split(mark).Length - 1;
    }
}
