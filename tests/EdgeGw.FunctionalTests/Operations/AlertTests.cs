using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Operations;

/// <summary>What operators are told, and that runaway spending is stopped. A call here has 1000 tokens of input and 1000 of output: 12.5 thousandths of a dollar.</summary>
public sealed class AlertTests : IAsyncLifetime
{
    private FakeProvider _provider = null!;

    public async Task InitializeAsync() => _provider = await FakeProvider.StartAsync();

    public async Task DisposeAsync() => await _provider.DisposeAsync();

    [Fact]
    public async Task BudgetThresholds_reachAReceiverThatFailsTwice_eachOnceAndSigned()
    {
        await using var receiver = await WebhookReceiver.StartAsync(failures: 2);
        var config = WithWebhook(receiver);
        // Of 0.1 dollars, half is reached by the fourth call and four fifths by the seventh.
        var budget = GatewayConfig.Budget("team", 0.1m);
        (budget["alerts"], budget["at_limit"]) = (new JsonArray(50, 80), "warn");
        config["budgets"] = new JsonArray(budget);
        await using var gateway = await EdgeGwProcess.StartAsync(config);

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await SpendAsync(gateway)).Status);
        }
        await Eventually.TrueAsync(() => receiver.Taken.Count >= 2, "both thresholds", TimeSpan.FromSeconds(60));

        Assert.Equal([50, 80], receiver.Taken.Select(taken => taken.GetProperty("percent").GetInt32()).Order());
        foreach (var taken in receiver.Taken)
        {
            Assert.Equal(("budget.threshold", "team", "", "0.1"), (Text(taken, "type"), Text(taken, "budget"), Text(taken, "scope"), Text(taken, "limit_usd")));
            Assert.InRange(decimal.Parse(Text(taken, "spent_usd"), CultureInfo.InvariantCulture), 0.05m, 0.1m);
        }
        await gateway.StopAsync();
        Assert.Equal((2, 4), (receiver.Taken.Count, receiver.Tries));
        Assert.Empty(receiver.Violations);
        Assert.Equal(2, gateway.Errors.Lines.Count(line => line.Contains("Budget team has reached", StringComparison.Ordinal)));
        AssertNoSecret(gateway);
    }

    [Fact]
    public async Task AlertWithoutAReceiver_isLoggedAsUndeliveredWhenTheGatewayStops_andCounted()
    {
        var config = GatewayConfig.For(_provider);
        var nobody = new Uri($"http://127.0.0.1:{FreePorts.Next()}/hook?token=t0psecret");
        config["alerts"] = new JsonObject { ["webhooks"] = new JsonArray(new JsonObject { ["url"] = nobody.ToString(), ["secret"] = WebhookReceiver.Secret }) };
        var budget = GatewayConfig.Budget("team", 0.1m);
        budget["alerts"] = new JsonArray(10);
        config["budgets"] = new JsonArray(budget);
        await using var gateway = await EdgeGwProcess.StartAsync(config);

        await SpendAsync(gateway);
        await Eventually.TrueAsync(
            async () => (await MetricsAsync(gateway)).Contains($"edgegw_webhook_deliveries_total{{webhook=\"{nobody.GetLeftPart(UriPartial.Authority)}\",result=\"failed\"}}", StringComparison.Ordinal),
            "a failed try");
        Assert.Contains("edgegw_budget_alerts_total{budget=\"team\",threshold=\"10\"} 1", await MetricsAsync(gateway), StringComparison.Ordinal);

        await gateway.StopAsync();
        Assert.Equal(0, gateway.ExitCode);
        Assert.Single(gateway.Errors.Lines, line => line.Contains("(budget.threshold) was not delivered", StringComparison.Ordinal));
        AssertNoSecret(gateway);
    }

    [Fact]
    public async Task RunawaySpending_isToldOnceAndThrottledAndExplained_andGoesOnWhenTheRateIsInOrder()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var config = WithWebhook(receiver);
        // 0.6 dollars an hour are 0.05 in five minutes: the fourth call exceeds that, and the fifth is refused.
        config["velocity"] = new JsonObject { ["minimum_usd_per_hour"] = 0.6m, ["action"] = "throttle" };
        await using var gateway = await EdgeGwProcess.StartAsync(config);

        var served = 0;
        CallResult refused;
        while ((refused = await SpendAsync(gateway, id: "runaway")).Status == HttpStatusCode.OK)
        {
            served++;
            Assert.InRange(served, 1, 10);
        }
        Assert.Equal(4, served);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Contains("\"code\":\"spend_velocity\"", refused.Text, StringComparison.Ordinal);
        var message = ErrorEnvelope.Check(CallerDialect.Chat, refused);
        Assert.Contains("0.6 USD an hour that are in order (baseline 0, factor 10)", message, StringComparison.Ordinal);
        Assert.InRange(int.Parse(refused.Header("retry-after")!, CultureInfo.InvariantCulture), 1, 300);
        ErrorEnvelope.Check(CallerDialect.Messages, await SpendAsync(gateway, CallerDialect.Messages));

        await Eventually.TrueAsync(() => receiver.Taken.Count > 0, "the event");
        var told = Assert.Single(receiver.Taken);
        Assert.Equal(("velocity.exceeded", "throttle", "0.6"), (Text(told, "type"), Text(told, "action"), Text(told, "threshold_usd_per_hour")));
        var record = await gateway.Log.RecordAsync(each => each.Error == "spend_velocity", "the refusal");
        using var json = JsonDocument.Parse(record.ToString());
        Assert.Equal("0.6", Text(json.RootElement.GetProperty("velocity"), "threshold_usd_per_hour"));
        var metrics = await MetricsAsync(gateway);
        Assert.Contains("edgegw_velocity_exceeded_total{action=\"throttle\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("edgegw_velocity_refusals_total 2", metrics, StringComparison.Ordinal);

        // A restart changes nothing; a higher minimum lets the calls go on, without a restart.
        await gateway.StopAsync();
        await gateway.LaunchAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SpendAsync(gateway)).Status);
        config["velocity"] = new JsonObject { ["minimum_usd_per_hour"] = 60, ["action"] = "throttle" };
        gateway.ReplaceConfig(config);
        Assert.Equal(HttpStatusCode.OK, (await gateway.AdminApi.ReloadAsync()).Status);
        Assert.Equal(HttpStatusCode.OK, (await SpendAsync(gateway)).Status);
        Assert.Single(receiver.Taken);
        Assert.Empty(receiver.Violations);
        AssertNoSecret(gateway);
    }

    [Fact]
    public async Task ChangedWebhook_takesEffectWithoutARestart()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var config = GatewayConfig.For(_provider);
        var budget = GatewayConfig.Budget("team", 0.1m);
        budget["alerts"] = new JsonArray(10, 20, 30);
        config["budgets"] = new JsonArray(budget);
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        await SpendAsync(gateway);

        config["alerts"] = Alerts(receiver);
        gateway.ReplaceConfig(config);
        Assert.Equal(HttpStatusCode.OK, (await gateway.AdminApi.ReloadAsync()).Status);
        await SpendAsync(gateway);
        await Eventually.TrueAsync(() => receiver.Taken.Count > 0, "the event");
        Assert.Equal(20, Assert.Single(receiver.Taken).GetProperty("percent").GetInt32());
    }

    private static async Task<CallResult> SpendAsync(EdgeGwProcess gateway, CallerDialect dialect = CallerDialect.Chat, string? id = null) =>
        await CallResult.OfAsync(gateway.Client, new Call(dialect, new FakeScript { Id = id, Input = 1000, Output = 1000 }) { MaxOutput = 1000 });

    private static async Task<string> MetricsAsync(EdgeGwProcess gateway) => (await gateway.AdminApi.GetAsync("/metrics", authorized: false)).Body;

    private static void AssertNoSecret(EdgeGwProcess gateway)
    {
        Assert.DoesNotContain("t0psecret", gateway.Errors.Text + gateway.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(WebhookReceiver.Secret, gateway.Errors.Text + gateway.Log.Text, StringComparison.Ordinal);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static JsonObject Alerts(WebhookReceiver receiver) => new()
    {
        ["webhooks"] = new JsonArray(new JsonObject { ["url"] = receiver.Url.ToString(), ["secret"] = WebhookReceiver.Secret }),
    };

    private JsonObject WithWebhook(WebhookReceiver receiver)
    {
        var config = GatewayConfig.For(_provider);
        config["alerts"] = Alerts(receiver);
        return config;
    }
}
