using System.Net;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Operations;

/// <summary>Policies as callers and operators meet them.</summary>
public sealed class PolicyTests : IAsyncLifetime
{
    private FakeProvider _provider = null!;

    public async Task InitializeAsync() => _provider = await FakeProvider.StartAsync();

    public async Task DisposeAsync()
    {
        await _provider.DisposeAsync();
        Assert.Empty(_provider.Ledger.Violations);
    }

    [Theory]
    [InlineData(CallerDialect.Chat)]
    [InlineData(CallerDialect.Responses)]
    [InlineData(CallerDialect.Messages)]
    [InlineData(CallerDialect.Gemini)]
    public async Task Denied_call_is_refused_in_the_callers_dialect_with_its_reason_and_recorded(CallerDialect dialect)
    {
        await using var gateway = await StartAsync("""[{ "name": "closed", "match": { "model": ["fake-gpt"] }, "deny": "Not in this house." }]""");

        var refused = await CallResult.OfAsync(gateway.Client, new Call(dialect, new FakeScript { Id = "denied" }));

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("Not in this house. (policy \"closed\")", ErrorEnvelope.Check(dialect, refused), StringComparison.Ordinal);
        Assert.Empty(_provider.Ledger.Calls);
        var record = await gateway.Log.RecordOfCallAsync("denied");
        Assert.Equal(("refused", "policy_denied", 0L), (record.Outcome, record.Error, record.Cost));
        Assert.Contains("\"policy\":\"closed\"", record.ToString(), StringComparison.Ordinal);
        var (_, metrics) = await gateway.AdminApi.GetAsync("/metrics", authorized: false);
        Assert.Contains("edgegw_policy_decisions_total{policy=\"closed\",effect=\"deny\",result=\"refused\"} 1", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Group_of_a_key_decides_on_models_their_list_and_opaque_paths()
    {
        await using var gateway = await StartAsync("""[{ "name": "interns", "match": { "groups": ["interns"] }, "allow": { "models": ["openai/fake-gpt"] } }]""");
        var created = await EdgeGwCommand.RunAsync(["keys", "create", "--name", "intern", "--group", "interns", "--config", gateway.ConfigFile]);
        var key = AdminApi.Secret().Match(created.Output).Value;

        Assert.Equal(HttpStatusCode.OK, (await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()) { Key = key })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Messages, new FakeScript()) { Key = key })).Status);
        using var opaque = new HttpRequestMessage(HttpMethod.Get, "/openai/v1/files");
        opaque.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        Assert.Equal(HttpStatusCode.Forbidden, (await CallResult.OfAsync(gateway.Client, opaque)).Status);
        Assert.Equal(HttpStatusCode.OK, (await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Messages, new FakeScript()))).Status);

        using var list = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        list.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        var models = JsonNode.Parse((await CallResult.OfAsync(gateway.Client, list)).Text)!["data"]!.AsArray().Select(model => (string)model!["id"]!);
        Assert.Equal(["our-alias"], models);
    }

    [Theory]
    [InlineData(CallerDialect.Chat, "openai/fake-mini")]
    [InlineData(CallerDialect.Messages, "anthropic/fake-mini")]
    [InlineData(CallerDialect.Gemini, "gemini/fake-mini")]
    public async Task Routed_call_goes_to_the_other_model_and_is_charged_for_it(CallerDialect dialect, string target)
    {
        await using var gateway = await StartAsync($$"""[{ "name": "smaller", "match": { "model": ["fake-gpt"] }, "route": "{{target}}" }]""");

        var result = await CallResult.OfAsync(gateway.Client, new Call(dialect, new FakeScript { Id = "routed" }) { Stream = true });

        Assert.Equal((HttpStatusCode.OK, "fake-mini"), (result.Status, result.Header("x-edgegw-model")));
        var call = Assert.Single(_provider.Ledger.Calls);
        Assert.Equal("fake-mini", call.Model);
        Assert.Equal(Prices.Cost(call), (await gateway.Log.RecordOfCallAsync("routed")).Cost);
    }

    [Fact]
    public async Task Required_cap_refuses_larger_ones_and_shadow_only_tells()
    {
        await using var gateway = await StartAsync("""
            [{ "name": "short", "require": { "max_output": 300 } }, { "name": "labelled", "require": { "metadata": ["cost_centre"] }, "shadow": true }]
            """);

        var large = await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()) { MaxOutput = 301 });
        var small = await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript { Id = "small" }) { MaxOutput = 300 });

        Assert.Equal(HttpStatusCode.Forbidden, large.Status);
        Assert.Contains("at most 300 output tokens", ErrorEnvelope.Check(CallerDialect.Chat, large), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, null), (small.Status, small.Header("x-edgegw-output-clamped")));
        Assert.Contains("\"shadow_policies\":[\"labelled\"]", (await gateway.Log.RecordOfCallAsync("small")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Budget_downgrades_only_to_what_policies_allow()
    {
        var config = Config("""[{ "name": "frontier-only", "allow": { "models": ["*/fake-gpt"] } }]""");
        var budget = GatewayConfig.Budget("purse", 0.000001m);
        budget["at_limit"] = new JsonObject { ["downgrade"] = "openai/fake-mini" };
        config["budgets"] = new JsonArray(budget);
        await using var gateway = await EdgeGwProcess.StartAsync(config);

        var refused = await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Contains("\"purse\"", ErrorEnvelope.Check(CallerDialect.Chat, refused), StringComparison.Ordinal);
        Assert.Empty(_provider.Ledger.Calls);
    }

    [Fact]
    public async Task Simulation_on_the_command_line_says_what_would_happen_and_changes_nothing()
    {
        var config = Config("""[{ "name": "interns", "match": { "groups": ["interns"] }, "allow": { "models": ["openai/fake-mini"] } }]""");
        config["budgets"] = new JsonArray(GatewayConfig.Budget("person", 5, "user"));
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        string[] ask = ["simulate", "--user", "ann", "--group", "interns", "--model", "openai/fake-gpt", "--config", gateway.ConfigFile];

        var refused = await EdgeGwCommand.RunAsync(ask);
        var allowed = await EdgeGwCommand.RunAsync([.. ask[..6], "openai/fake-mini", .. ask[7..]]);

        Assert.True(refused.ExitCode == 0, refused.All);
        Assert.Equal(("refused", "policy_denied", "interns"), Told(refused));
        Assert.Equal(("allowed", null, "interns"), Told(allowed));
        var budget = JsonNode.Parse(allowed.Output)!["budgets"]![0]!;
        Assert.Equal(("person", "ann", "5", true), ((string)budget["budget"]!, (string)budget["scope"]!, (string)budget["remaining_usd"]!, (bool)budget["fits"]!));
        Assert.Empty(_provider.Ledger.Calls);
        Assert.Empty(await gateway.AdminApi.BudgetAsync("person"));
    }

    private static (string?, string?, string?) Told(CommandResult result)
    {
        var json = JsonNode.Parse(result.Output)!;
        return ((string?)json["decision"], (string?)json["code"], (string?)json["policy"]);
    }

    private JsonObject Config(string policies)
    {
        var config = GatewayConfig.For(_provider);
        config["policies"] = JsonNode.Parse(policies);
        return config;
    }

    private Task<EdgeGwProcess> StartAsync(string policies) => EdgeGwProcess.StartAsync(Config(policies));
}
