using System.Net;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Accounting;

/// <summary>A caller's own price: only where the operator allows it, then for hold, settlement and record alike.</summary>
public sealed class CustomCostTests : IAsyncLifetime
{
    private const string PerToken = """{"per_token_in":0.000001,"per_token_out":0.000002}""";

    private FakeProvider _provider = null!;

    public async Task InitializeAsync() => _provider = await FakeProvider.StartAsync();

    public async Task DisposeAsync() => await _provider.DisposeAsync();

    [Theory]
    [InlineData(CallerDialect.Chat, "x-edgegw-custom-cost")]
    [InlineData(CallerDialect.Messages, "cf-aig-custom-cost")]
    [InlineData(CallerDialect.Gemini, "cf-aig-custom-cost")]
    public async Task CustomCost_isRefusedByDefaultInTheCallersDialect(CallerDialect dialect, string header)
    {
        await using var gateway = await StartAsync(policy: null);

        var result = await SendAsync(gateway, new Call(dialect, new FakeScript { Id = "denied" }), header, PerToken);

        Assert.Equal(HttpStatusCode.Forbidden, result.Status);
        Assert.Contains("pricing.custom_cost", ErrorEnvelope.Check(dialect, result), StringComparison.Ordinal);
        Assert.Empty(_provider.Ledger.Calls);
    }

    [Fact]
    public async Task CustomCost_thatCannotBeRead_isRefusedWithItsName()
    {
        await using var gateway = await StartAsync("allow");

        var result = await SendAsync(gateway, new Call(CallerDialect.Chat, new FakeScript { Id = "bad" }), "x-edgegw-custom-cost", """{"per_token_in":-1,"per_token_out":0}""");

        Assert.Equal(HttpStatusCode.BadRequest, result.Status);
        Assert.Contains("x-edgegw-custom-cost", ErrorEnvelope.Check(CallerDialect.Chat, result), StringComparison.Ordinal);
        Assert.Empty(_provider.Ledger.Calls);
    }

    [Fact]
    public async Task CustomCost_whereAllowed_isWhatTheCallIsBilledAt()
    {
        await using var gateway = await StartAsync("allow");

        var result = await SendAsync(gateway, new Call(CallerDialect.Chat, new FakeScript { Id = "own" }), "cf-aig-custom-cost", PerToken);

        Assert.Equal(HttpStatusCode.OK, result.Status);
        var record = await gateway.Log.RecordOfCallAsync("own");
        var call = Assert.Single(_provider.Ledger.Calls);
        // Thousands of nano-dollars: one for each token in, two for each token out.
        Assert.Equal(("caller", (call.BilledInput * 1000) + (call.BilledOutput * 2000)), (record.CostSource, record.Cost));
    }

    [Fact]
    public async Task CustomCost_isHeldBeforeTheCall()
    {
        await using var gateway = await StartAsync("allow", GatewayConfig.Budget("tiny", 0.01m));

        var result = await SendAsync(gateway, new Call(CallerDialect.Chat, new FakeScript { Id = "held" }), "x-edgegw-custom-cost", """{"total_cost":0.02}""");

        Assert.Equal(HttpStatusCode.TooManyRequests, result.Status);
        Assert.Empty(_provider.Ledger.Calls);
        result = await SendAsync(gateway, new Call(CallerDialect.Chat, new FakeScript { Id = "fits" }), "x-edgegw-custom-cost", """{"total_cost":0.009}""");
        Assert.Equal(HttpStatusCode.OK, result.Status);
        Assert.Equal(9_000_000, (await gateway.Log.RecordOfCallAsync("fits")).Cost);
    }

    private static Task<CallResult> SendAsync(EdgeGwProcess gateway, Call call, string header, string value)
    {
        var request = call.ToRequest();
        request.Headers.TryAddWithoutValidation(header, value);
        return CallResult.OfAsync(gateway.Client, request);
    }

    private async Task<EdgeGwProcess> StartAsync(string? policy, JsonObject? budget = null)
    {
        var config = GatewayConfig.For(_provider);
        if (policy is not null)
        {
            config["pricing"]!["custom_cost"] = policy;
        }
        if (budget is not null)
        {
            config["budgets"] = new JsonArray(budget);
        }
        return await EdgeGwProcess.StartAsync(config);
    }
}
