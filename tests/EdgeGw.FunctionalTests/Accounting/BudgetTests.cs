using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Accounting;

/// <summary>Budgets that hold, to the last cent, whoever comes at once.</summary>
public sealed class BudgetTests : IAsyncLifetime
{
    private FakeProvider _provider = null!;

    public async Task InitializeAsync() => _provider = await FakeProvider.StartAsync();

    public async Task DisposeAsync() => await _provider.DisposeAsync();

    [Theory]
    [InlineData(CallerDialect.Chat)]
    [InlineData(CallerDialect.Responses)]
    [InlineData(CallerDialect.Messages)]
    [InlineData(CallerDialect.Gemini)]
    [InlineData(CallerDialect.Embeddings)]
    public async Task ExhaustedBudget_refusesInTheCallersDialectAndSaysWhenToComeBack(CallerDialect dialect)
    {
        await using var gateway = await StartAsync(GatewayConfig.Budget("tiny", 0.000001m));

        var result = await CallResult.OfAsync(gateway.Client, new Call(dialect, new FakeScript { Id = "refused" }) { Stream = dialect == CallerDialect.Chat });

        Assert.Equal(HttpStatusCode.TooManyRequests, result.Status);
        ErrorEnvelope.Check(dialect, result);
        var seconds = int.Parse(result.Header("retry-after")!, CultureInfo.InvariantCulture);
        Assert.InRange(seconds, 1, 32 * 24 * 3600);
        var record = await gateway.Log.RecordOfCallAsync("refused");
        Assert.Equal(("refused", 429, 0L), (record.Outcome, record.Status, record.Cost));
        Assert.Empty(_provider.Ledger.Calls);
        Assert.Equal(0, await gateway.AdminApi.SettledAsync("tiny"));
    }

    [Fact]
    public async Task UsedUpBudgetThatWarns_letsTheCallPassAndSaysSo_andOneThatWatchesSaysNothing()
    {
        JsonObject Soft(string name, string action, JsonObject? match = null)
        {
            var budget = GatewayConfig.Budget(name, 0.000001m);
            budget["at_limit"] = action;
            if (match is not null)
            {
                budget["match"] = match;
            }
            return budget;
        }
        await using var gateway = await StartAsync(
            Soft("soft", "warn"), Soft("watch", "shadow"), Soft("elsewhere", "block", new JsonObject { ["model"] = new JsonArray("no-such-model") }));

        var result = await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript { Id = "passed" }));

        Assert.Equal(HttpStatusCode.OK, result.Status);
        Assert.Equal("soft", result.Header("x-edgegw-budget-warning"));
        var record = await gateway.Log.RecordOfCallAsync("passed");
        foreach (var budget in (string[])["soft", "watch"])
        {
            Assert.Equal(record.Cost, await gateway.AdminApi.SettledAsync(budget));
        }
        Assert.Equal(0, await gateway.AdminApi.SettledAsync("elsewhere"));
        var (_, metrics) = await gateway.AdminApi.GetAsync("/metrics", authorized: false);
        Assert.Contains("edgegw_budget_passed_total{budget=\"soft\",action=\"warn\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("edgegw_budget_passed_total{budget=\"watch\",action=\"shadow\"} 1", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CallerDialect.Chat)]
    [InlineData(CallerDialect.Messages)]
    [InlineData(CallerDialect.Gemini)]
    public async Task UsedUpBudgetThatDowngrades_sendsTheCallToTheCheaperModelOnTheNativePathToo(CallerDialect dialect)
    {
        var budget = GatewayConfig.Budget("person", 0.000001m);
        budget["at_limit"] = new JsonObject { ["downgrade"] = "cheap" };
        var config = GatewayConfig.For(_provider);
        config["models"]!["cheap"] = dialect switch { CallerDialect.Messages => "anthropic/fake-mini", CallerDialect.Gemini => "gemini/fake-mini", _ => "openai/fake-mini" };
        config["budgets"] = new JsonArray(budget);
        await using var gateway = await EdgeGwProcess.StartAsync(config);

        foreach (var stream in (bool[])[false, true])
        {
            var id = stream ? "streamed" : "plain";
            var result = await CallResult.OfAsync(gateway.Client, new Call(dialect, new FakeScript { Id = id }) { Stream = stream });

            Assert.Equal(HttpStatusCode.OK, result.Status);
            Assert.Equal(("fake-mini", "person"), (result.Header("x-edgegw-model"), result.Header("x-edgegw-budget-warning")));
            Assert.Equal("fake-mini", _provider.Ledger.Calls.Single(call => call.Id == id).Model);
            var record = await gateway.Log.RecordOfCallAsync(id);
            Assert.Equal(Prices.Cost(_provider.Ledger.Calls.Single(call => call.Id == id)), record.Cost);
        }
        var (_, metrics) = await gateway.AdminApi.GetAsync("/metrics", authorized: false);
        Assert.Contains("edgegw_budget_passed_total{budget=\"person\",action=\"downgrade\"} 2", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RollingBudget_isHeldShownAndRaisedOnTheCommandLine()
    {
        var budget = GatewayConfig.Budget("rolling", 0.000001m);
        budget["window"] = "rolling 24h";
        await using var gateway = await StartAsync(budget);
        var call = new Call(CallerDialect.Chat, new FakeScript { Id = "later" });
        Assert.Equal(HttpStatusCode.TooManyRequests, (await CallResult.OfAsync(gateway.Client, call)).Status);

        var raise = await EdgeGwCommand.RunAsync(
            ["budgets", "raise", "--budget", "rolling", "--amount", "5", "--until", "1h", "--reason", "launch day", "--config", gateway.ConfigFile]);
        Assert.True(raise.ExitCode == 0, raise.All);
        Assert.Equal(HttpStatusCode.OK, (await CallResult.OfAsync(gateway.Client, call)).Status);

        var spent = await gateway.AdminApi.SettledAsync("rolling");
        Assert.Equal(Prices.Cost(Assert.Single(_provider.Ledger.Calls)), spent);
        var shown = await EdgeGwCommand.RunAsync(["budgets", "--format", "json", "--config", gateway.ConfigFile]);
        var slot = JsonNode.Parse(shown.Output)!["budgets"]![0]!;
        Assert.Equal(("5.000001", true), ((string)slot["limit_usd"]!, (bool)slot["rolling"]!));
        await gateway.StopAsync();
        var offline = await EdgeGwCommand.RunAsync(["budgets", "--format", "json", "--config", gateway.ConfigFile]);
        Assert.Equal((string)slot["spent_usd"]!, (string)JsonNode.Parse(offline.Output)!["budgets"]![0]!["spent_usd"]!);
    }

    [Fact]
    public async Task LastCent_wantedByAThousandAtOnce_isGivenToAsManyAsThereIsRoomFor()
    {
        const int callers = 1000;
        const int room = 10;
        var hold = await HoldAsync(new Call(CallerDialect.Chat, new FakeScript { Id = "probe" }));
        await using var gateway = await StartAsync(GatewayConfig.Budget("ten", Dollars((hold * room) + (hold / 2))));
        using var leave = new CancellationTokenSource();
        var refused = 0;
        var answers = Enumerable.Range(0, callers).Select(async index =>
        {
            // Silence until the test is over: nobody may settle early and make room for another.
            var call = new Call(CallerDialect.Chat, new FakeScript { Id = $"c{index:D4}", Fail = FakeFailure.HangHead });
            try
            {
                using var response = await call.SendAsync(gateway.Client, leave.Token);
                Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
                Interlocked.Increment(ref refused);
            }
            catch (OperationCanceledException)
            {
            }
        }).ToArray();
        await Eventually.TrueAsync(() => Volatile.Read(ref refused) >= callers - room && _provider.Ledger.Calls.Count >= room, $"{callers - room} refusals");

        Assert.Equal(callers - room, refused);
        Assert.Equal(room, _provider.Ledger.Calls.Count);
        await leave.CancelAsync();
        await Task.WhenAll(answers);
        await gateway.AdminApi.SettledAsync("ten");
    }

    [Fact]
    public async Task Budget_underManyRealCalls_isNeverOverspentAndEqualsTheProvidersBill()
    {
        const decimal dollars = 2m;
        await using var gateway = await StartAsync(GatewayConfig.Budget("two-dollars", dollars));
        var statuses = new System.Collections.Concurrent.ConcurrentBag<int>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 600),
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (index, _) =>
            {
                var call = new Call(CallerDialect.Messages, new FakeScript { Id = $"s{index}", Input = 30, Output = 1000, Chunks = 3 }) { Stream = true, MaxOutput = 1000 };
                statuses.Add((int)(await CallResult.OfAsync(gateway.Client, call)).Status);
            });
        var spent = await gateway.AdminApi.SettledAsync("two-dollars");
        Assert.Equal(_provider.Ledger.Calls.Sum(Prices.Cost), spent);
        Assert.InRange(spent, 1, (long)(dollars * 1_000_000_000m));
        Assert.Contains(429, statuses);
        Assert.Equal(_provider.Ledger.Calls.Count, statuses.Count(status => status == 200));
    }

    [Fact]
    public async Task Holds_areAllOrNone_soARefusalTakesNothingFromTheWiderBudget()
    {
        var config = GatewayConfig.For(_provider);
        config["identity"]!["anonymous"] = false;
        // The wide one stands first and last, so that any order of taking is caught.
        config["budgets"] = new JsonArray(
            GatewayConfig.Budget("company", 1000), GatewayConfig.Budget("per-key", 0.000001m, "key"), GatewayConfig.Budget("company-again", 1000));
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        var key = await gateway.AdminApi.CreateKeyAsync("poor");
        for (var i = 0; i < 20; i++)
        {
            var result = await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()) { Key = key });
            Assert.Equal(HttpStatusCode.TooManyRequests, result.Status);
        }
        foreach (var budget in (string[])["company", "company-again", "per-key"])
        {
            Assert.All(await gateway.AdminApi.BudgetAsync(budget), slot => Assert.Equal((0L, 0L), (slot.Spent, slot.Held)));
        }
    }

    [Fact]
    public async Task PerKeyBudget_ofOneKey_leavesTheOtherKeyAlone()
    {
        var hold = await HoldAsync(new Call(CallerDialect.Chat, new FakeScript { Id = "probe" }));
        var config = GatewayConfig.For(_provider);
        config["identity"]!["anonymous"] = false;
        config["budgets"] = new JsonArray(GatewayConfig.Budget("per-key", Dollars(hold + (hold / 2)), "key"));
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        var (greedy, modest) = (await gateway.AdminApi.CreateKeyAsync("greedy"), await gateway.AdminApi.CreateKeyAsync("modest"));
        var costly = new FakeScript { Output = 4000 };
        while ((int)(await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, costly) { Key = greedy })).Status == 200)
        {
        }
        Assert.Equal(200, (int)(await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()) { Key = modest })).Status);
    }

    [Fact]
    public async Task FreeProvider_isNotBlockedByAnExhaustedBudget()
    {
        var config = GatewayConfig.For(_provider);
        var local = GatewayConfig.Provider(new Uri(_provider.BaseUrl, "/v1"));
        local["kind"] = "openai";
        local["pricing"] = "free";
        config["providers"]!["local"] = local;
        config["budgets"] = new JsonArray(GatewayConfig.Budget("tiny", 0.000001m));
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        var free = new Call(CallerDialect.Chat, new FakeScript { Id = "free" }) { Path = "/v1/chat/completions", Model = "local/fake-gpt" };
        Assert.Equal(200, (int)(await CallResult.OfAsync(gateway.Client, free)).Status);
        Assert.Equal(0, (await gateway.Log.RecordOfCallAsync("free")).Cost);
        Assert.Equal(429, (int)(await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()))).Status);
    }

    private Task<EdgeGwProcess> StartAsync(params JsonObject[] budgets)
    {
        var config = GatewayConfig.For(_provider);
        config["budgets"] = new JsonArray([.. budgets]);
        config["abort"] = new JsonObject { ["policy"] = "cancel" };
        return EdgeGwProcess.StartAsync(config);
    }

    /// <summary>What the gateway holds for such a call, in nano-dollars; asked of a gateway of its own, so that no other book is touched.</summary>
    private static async Task<long> HoldAsync(Call call)
    {
        await using var provider = await FakeProvider.StartAsync();
        var config = GatewayConfig.For(provider);
        config["budgets"] = new JsonArray(GatewayConfig.Budget("wide", 1_000_000));
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        // As long a body as the calls that the hold is meant for: the estimate goes by its bytes.
        var script = call.Script with { Id = "c0000", Fail = FakeFailure.HangHead };
        using var leave = new CancellationTokenSource();
        var sending = (call with { Script = script }).SendAsync(gateway.Client, leave.Token);
        var held = 0L;
        await Eventually.TrueAsync(async () => (held = (await gateway.AdminApi.BudgetAsync("wide")).Sum(slot => slot.Held)) > 0, "the hold");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        return held;
    }

    private static decimal Dollars(long nano) => nano / 1_000_000_000m;
}
