using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Accounting;

/// <summary>Rate limits as callers meet them.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private FakeProvider _provider = null!;

    public async Task InitializeAsync() => _provider = await FakeProvider.StartAsync();

    public async Task DisposeAsync() => await _provider.DisposeAsync();

    [Theory]
    [InlineData(CallerDialect.Chat, false)]
    [InlineData(CallerDialect.Chat, true)]
    [InlineData(CallerDialect.Messages, false)]
    [InlineData(CallerDialect.Messages, true)]
    [InlineData(CallerDialect.Gemini, false)]
    public async Task Fourth_call_of_three_is_refused_in_the_callers_dialect_and_every_answer_tells_what_is_left(CallerDialect dialect, bool stream)
    {
        await using var gateway = await StartAsync(Limit("rpm", "requests", 3, "1h"));
        foreach (var left in (string[])["2", "1", "0"])
        {
            var served = await CallResult.OfAsync(gateway.Client, new Call(dialect, new FakeScript()) { Stream = stream });
            Assert.Equal(HttpStatusCode.OK, served.Status);
            Assert.Equal(("3", left), (served.Header("x-ratelimit-limit-requests"), served.Header("x-ratelimit-remaining-requests")));
            Assert.Matches("^([0-9]+h)?([0-9]+m)?[0-9.]+s$", served.Header("x-ratelimit-reset-requests"));
            Assert.Null(served.Header("x-ratelimit-limit-tokens"));
        }

        var refused = await CallResult.OfAsync(gateway.Client, new Call(dialect, new FakeScript { Id = "fourth" }) { Stream = stream });

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Contains("\"rpm\"", ErrorEnvelope.Check(dialect, refused), StringComparison.Ordinal);
        Assert.Contains("rate_limited", refused.Text, StringComparison.Ordinal);
        Assert.Equal(("3", "0"), (refused.Header("x-ratelimit-limit-requests"), refused.Header("x-ratelimit-remaining-requests")));
        // One comes back in twenty minutes.
        Assert.InRange(int.Parse(refused.Header("retry-after")!, CultureInfo.InvariantCulture), 1100, 1200);
        var record = await gateway.Log.RecordOfCallAsync("fourth");
        Assert.Equal(("refused", 429, "rate_limited", 0L), (record.Outcome, record.Status, record.Error, record.Cost));
        Assert.Equal(3, _provider.Ledger.Calls.Count);
        var (_, metrics) = await gateway.AdminApi.GetAsync("/metrics", authorized: false);
        Assert.Contains("edgegw_limit_refusals_total{limit=\"rpm\"} 1", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reserved_tokens_become_the_used_ones_whatever_way_the_call_ends()
    {
        await using var gateway = await StartAsync(Limit("tpm", "tokens", 6000, "1h"));
        // Each reserves more than half of the limit: a reservation that stayed would refuse the next.
        foreach (var script in (FakeScript[])
            [new(), new() { Fail = FakeFailure.Status, Status = 500 }, new() { Fail = FakeFailure.Status, Status = 400 }, new() { Fail = FakeFailure.ResetHead }, new() { Fail = FakeFailure.ResetBody }, new()])
        {
            foreach (var stream in (bool[])[false, true])
            {
                var result = await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, script) { Stream = stream, MaxOutput = 4000 });
                Assert.NotEqual(HttpStatusCode.TooManyRequests, result.Status);
                Assert.InRange(int.Parse(result.Header("x-ratelimit-remaining-tokens")!, CultureInfo.InvariantCulture), 1, 2000);
            }
        }
        var costly = new Call(CallerDialect.Chat, new FakeScript { Input = 100, Output = 5500 }) { MaxOutput = 2000 };
        Assert.Equal(HttpStatusCode.OK, (await CallResult.OfAsync(gateway.Client, costly)).Status);

        var refused = await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()) { MaxOutput = 1000 });
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Contains("6000 tokens in 1h", ErrorEnvelope.Check(CallerDialect.Chat, refused), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_larger_than_the_limit_is_told_that_it_can_never_fit()
    {
        await using var gateway = await StartAsync(Limit("tpm", "tokens", 6000, "1m"));
        var result = await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Messages, new FakeScript()) { MaxOutput = 7000 });
        Assert.Equal(HttpStatusCode.BadRequest, result.Status);
        Assert.Contains("can never fit", ErrorEnvelope.Check(CallerDialect.Messages, result), StringComparison.Ordinal);
        Assert.Equal(("6000", "6000", "0s"), (result.Header("x-ratelimit-limit-tokens"), result.Header("x-ratelimit-remaining-tokens"), result.Header("x-ratelimit-reset-tokens")));
        Assert.Null(result.Header("retry-after"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Running_calls_keep_others_out_until_their_callers_leave(bool stream)
    {
        await using var gateway = await StartAsync(Limit("streams", "concurrent", 2, null));
        using var leave = new CancellationTokenSource();
        var running = Enumerable.Range(0, 2).Select(_ =>
            new Call(CallerDialect.Chat, new FakeScript { Fail = FakeFailure.HangHead }) { Stream = stream }.SendAsync(gateway.Client, leave.Token)).ToArray();
        await Eventually.TrueAsync(() => _provider.Ledger.Calls.Count == 2, "two running calls");

        var refused = await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()) { Stream = stream });
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Contains("\"streams\"", ErrorEnvelope.Check(CallerDialect.Chat, refused), StringComparison.Ordinal);
        Assert.Equal(("2", "0", null, "1"), (refused.Header("x-ratelimit-limit-concurrent"), refused.Header("x-ratelimit-remaining-concurrent"),
            refused.Header("x-ratelimit-reset-concurrent"), refused.Header("retry-after")));

        await leave.CancelAsync();
        foreach (var call in running)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
        CallResult? admitted = null;
        await Eventually.TrueAsync(
            async () => (admitted = await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()) { Stream = stream })).Status == HttpStatusCode.OK, "an end of the running calls");
        // Both are gone, and this one is the only one that ran.
        await Eventually.TrueAsync(
            async () => (await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()) { Stream = stream })).Header("x-ratelimit-remaining-concurrent") == "1", "both places");
    }

    [Fact]
    public async Task Answer_that_is_drained_after_its_caller_left_still_runs()
    {
        var config = Config(Limit("one", "concurrent", 1, null));
        config["abort"] = new JsonObject { ["policy"] = "drain", ["max_seconds"] = 5 };
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        using (await new Call(CallerDialect.Chat, new FakeScript { Id = "left", Fail = FakeFailure.HangBody }) { Stream = true }.SendAsync(gateway.Client))
        {
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()))).Status);
        Assert.Equal("client_aborted", (await gateway.Log.RecordOfCallAsync("left")).Outcome);
        Assert.Equal(HttpStatusCode.OK, (await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()))).Status);
    }

    [Fact]
    public async Task Calls_one_after_the_other_never_meet_a_limit_of_one()
    {
        await using var gateway = await StartAsync(Limit("one", "concurrent", 1, null));
        for (var i = 0; i < 40; i++)
        {
            using var client = Clients.Plain(gateway.Data);
            var fail = i % 4 == 3 ? FakeFailure.ResetHead : FakeFailure.None;
            var result = await CallResult.OfAsync(client, new Call(CallerDialect.Chat, new FakeScript { Fail = fail }) { Stream = i % 2 == 0 });
            Assert.NotEqual(HttpStatusCode.TooManyRequests, result.Status);
        }
    }

    [Fact]
    public async Task Call_that_a_budget_refuses_takes_nothing_of_a_limit_and_one_in_shadow_refuses_nothing()
    {
        var config = Config(Limit("rpm", "requests", 2, "1h"), Limit("watch", "requests", 1, "1h", "shadow"));
        config["budgets"] = new JsonArray(GatewayConfig.Budget("tiny", 0.000001m));
        var local = GatewayConfig.Provider(new Uri(_provider.BaseUrl, "/v1"));
        (local["kind"], local["pricing"]) = ("openai", "free");
        config["providers"]!["local"] = local;
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        for (var i = 0; i < 5; i++)
        {
            var refused = await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()));
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
            Assert.Contains("budget_exceeded", refused.Text, StringComparison.Ordinal);
        }
        var free = new Call(CallerDialect.Chat, new FakeScript()) { Path = "/v1/chat/completions", Model = "local/fake-gpt" };
        foreach (var left in (string[])["1", "0"])
        {
            var served = await CallResult.OfAsync(gateway.Client, free);
            Assert.Equal((HttpStatusCode.OK, left), (served.Status, served.Header("x-ratelimit-remaining-requests")));
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, (await CallResult.OfAsync(gateway.Client, free)).Status);
        var (_, metrics) = await gateway.AdminApi.GetAsync("/metrics", authorized: false);
        Assert.Contains("edgegw_limit_passed_total{limit=\"watch\"} 1", metrics, StringComparison.Ordinal);
    }

    private Task<EdgeGwProcess> StartAsync(params JsonObject[] limits) => EdgeGwProcess.StartAsync(Config(limits));

    private JsonObject Config(params JsonObject[] limits)
    {
        var config = GatewayConfig.For(_provider);
        config["limits"] = new JsonArray([.. limits]);
        config["abort"] = new JsonObject { ["policy"] = "cancel" };
        return config;
    }

    private static JsonObject Limit(string name, string kind, int amount, string? window, string action = "block")
    {
        var limit = new JsonObject { ["name"] = name, [kind] = amount, ["at_limit"] = action };
        if (window is not null)
        {
            limit["window"] = window;
        }
        return limit;
    }
}
