using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Accounting;

/// <summary>Acceptance case 56: an absurd output cap does not make an affordable call unaffordable, where the operator says so.</summary>
public sealed class OutputClampTests : IAsyncLifetime
{
    private FakeProvider _provider = null!;

    public async Task InitializeAsync() => _provider = await FakeProvider.StartAsync();

    public async Task DisposeAsync() => await _provider.DisposeAsync();

    [Theory]
    [InlineData(CallerDialect.Chat)]
    [InlineData(CallerDialect.Responses)]
    [InlineData(CallerDialect.Messages)]
    [InlineData(CallerDialect.Gemini)]
    public async Task AbsurdCap_withLittleMoneyLeft_isLoweredToWhatIsLeft(CallerDialect dialect)
    {
        await using var gateway = await StartAsync(0.02m, clamp: true);
        var result = await CallResult.OfAsync(gateway.Client, Greedy(dialect));

        Assert.Equal(HttpStatusCode.OK, result.Status);
        var cap = long.Parse(result.Header("x-edgegw-output-clamped")!, CultureInfo.InvariantCulture);
        Assert.InRange(cap, 256, 2000);
        Assert.Equal(cap, _provider.Ledger["greedy"].MaxOutput);
        var record = await gateway.Log.RecordOfCallAsync("greedy");
        Assert.InRange(record.Hold, 1, 20_000_000);
        Assert.Equal(Prices.Cost(_provider.Ledger["greedy"]), await gateway.AdminApi.SettledAsync("purse"));
    }

    [Fact]
    public async Task AbsurdCap_withoutTheOption_isRefused()
    {
        await using var gateway = await StartAsync(0.02m, clamp: false);
        var result = await CallResult.OfAsync(gateway.Client, Greedy(CallerDialect.Chat));
        Assert.Equal(HttpStatusCode.TooManyRequests, result.Status);
        Assert.Empty(_provider.Ledger.Calls);
    }

    [Fact]
    public async Task RoomForLessThanAUsefulAnswer_isRefused()
    {
        // 256 tokens alone cost 0.00256 dollars.
        await using var gateway = await StartAsync(0.0025m, clamp: true);
        var result = await CallResult.OfAsync(gateway.Client, Greedy(CallerDialect.Chat));
        Assert.Equal(HttpStatusCode.TooManyRequests, result.Status);
        Assert.Null(result.Header("x-edgegw-output-clamped"));
        Assert.Empty(_provider.Ledger.Calls);
    }

    [Fact]
    public async Task CallThatFits_keepsItsCapAndItsBytes()
    {
        await using var gateway = await StartAsync(0.1m, clamp: true);
        var call = Greedy(CallerDialect.Messages) with { MaxOutput = 300 };
        var result = await CallResult.OfAsync(gateway.Client, call);
        Assert.Equal(HttpStatusCode.OK, result.Status);
        Assert.Null(result.Header("x-edgegw-output-clamped"));
        Assert.Equal(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(call.Body)), _provider.Ledger["greedy"].BodyHash);
    }

    private static Call Greedy(CallerDialect dialect) => new(dialect, new FakeScript { Id = "greedy", Output = 40 }) { MaxOutput = 64_000 };

    private Task<EdgeGwProcess> StartAsync(decimal dollars, bool clamp)
    {
        var config = GatewayConfig.For(_provider);
        config["budgets"] = new JsonArray(GatewayConfig.Budget("purse", dollars));
        config["requests"] = new JsonObject { ["clamp_output"] = clamp };
        return EdgeGwProcess.StartAsync(config);
    }
}
