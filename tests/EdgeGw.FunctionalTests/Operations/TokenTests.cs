using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Operations;

/// <summary>Callers with tokens of an OIDC issuer, before the gateway's binary.</summary>
public sealed class TokenTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Token_ofAConfiguredIssuer_namesUserAndAgentInTheRecord(bool onCurve)
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await EdgeGwProcess.StartAsync(ConfigFor(provider, issuer));
        foreach (var dialect in (CallerDialect[])[CallerDialect.Chat, CallerDialect.Messages, CallerDialect.Gemini])
        {
            Assert.Equal(200, (int)(await SendAsync(gateway, issuer.Token("ann", Hour, onCurve), dialect)).Status);
        }
        const string Principal = """ "principal":{"user":"ann","email":"ann@example.com","groups":["ml"],"service":"agent-7"} """;
        await gateway.Log.RecordAsync(record => record.ToString().Contains(Principal.Trim(), StringComparison.Ordinal), "user and agent");
        Assert.Empty(provider.Ledger.Violations);
    }

    [Fact]
    public async Task Token_expiredOrForged_isRefused_andAnIssuerThatIsAwayIsNoFaultOfTheCaller()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var other = await TokenIssuer.StartAsync();
        await using var provider = await FakeProvider.StartAsync();
        var config = ConfigFor(provider, issuer);
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        var token = issuer.Token("ann", Hour);
        Assert.Equal(200, (int)(await SendAsync(gateway, token)).Status);
        Assert.Equal(401, (int)(await SendAsync(gateway, issuer.Token("ann", -Hour))).Status);
        Assert.Equal(401, (int)(await SendAsync(gateway, other.Token("ann", Hour))).Status);
        Assert.Equal(401, (int)(await SendAsync(gateway, token[..^20] + "AAAAAAAAAAAAAAAAAAAA")).Status);

        // Keys at hand bridge the outage; without any nothing can be said of a token.
        await issuer.StopAsync();
        Assert.Equal(200, (int)(await SendAsync(gateway, issuer.Token("bob", Hour))).Status);
        await using var second = await EdgeGwProcess.StartAsync(ConfigFor(provider, issuer));
        var refused = await SendAsync(second, token);
        Assert.Equal(503, (int)refused.Status);
        Assert.Contains("identity_unavailable", refused.Text, StringComparison.Ordinal);
        Assert.Empty(provider.Ledger.Violations);
    }

    private static JsonObject ConfigFor(FakeProvider provider, TokenIssuer issuer)
    {
        var config = GatewayConfig.For(provider);
        config["identity"] = new JsonObject
        {
            ["jwt"] = new JsonArray(new JsonObject { ["issuer"] = issuer.Name, ["audience"] = new JsonArray("gateway"), ["allow_http"] = true }),
        };
        return config;
    }

    private static Task<CallResult> SendAsync(EdgeGwProcess gateway, string token, CallerDialect dialect = CallerDialect.Chat) =>
        CallResult.OfAsync(gateway.Client, new Call(dialect, new FakeScript()) { Key = token });
}
