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

    [Fact]
    public async Task List_of_models_tells_each_caller_its_own_price_as_long_as_prices_are_shown()
    {
        var config = Config("[]");
        config["pricing"]!["overrides"]!.AsArray().Insert(0, JsonNode.Parse("""
            { "model": "openai/fake-gpt", "match": { "groups": ["partners"] }, "input": "1.234567891", "output": "7", "cached_input": "0.5" }
            """));
        config["pricing"]!["show_prices"] = new JsonObject { ["user"] = new JsonArray("ann") };
        await using var gateway = await EdgeGwProcess.StartAsync(config);

        Assert.Equal("""{"currency":"USD","input_per_million":"1.234567891","output_per_million":"7","cached_input_per_million":"0.5"}""", await PriceAsync("ann"));
        Assert.Null(await PriceAsync("bob"));

        async Task<string?> PriceAsync(string user)
        {
            var created = await EdgeGwCommand.RunAsync(["keys", "create", "--name", user, "--user", user, "--group", "partners", "--config", gateway.ConfigFile]);
            using var list = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
            list.Headers.TryAddWithoutValidation("Authorization", "Bearer " + AdminApi.Secret().Match(created.Output).Value);
            var models = JsonNode.Parse((await CallResult.OfAsync(gateway.Client, list)).Text)!["data"]!.AsArray();
            return models.Single(model => (string)model!["id"]! == "our-alias")!["pricing"]?.ToJsonString();
        }
    }

    [Fact]
    public async Task Rate_of_a_policy_refuses_by_its_name_and_leaves_other_calls_alone()
    {
        await using var gateway = await StartAsync("""
            [{ "name": "streams-slowly", "match": { "request": { "stream": true } }, "limits": [ { "requests": 2, "window": "1h", "burst": 2 } ] }]
            """);
        var streamed = new Call(CallerDialect.Chat, new FakeScript()) { Stream = true };

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await CallResult.OfAsync(gateway.Client, streamed)).Status);
        }
        var refused = await CallResult.OfAsync(gateway.Client, streamed);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Contains("\"streams-slowly\"", ErrorEnvelope.Check(CallerDialect.Chat, refused), StringComparison.Ordinal);
        Assert.Equal("2", refused.Header("x-ratelimit-limit-requests"));
        Assert.Equal(HttpStatusCode.OK, (await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()))).Status);
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

    [Fact]
    public async Task Dry_run_of_a_changed_configuration_names_who_would_be_refused_and_the_cost_to_the_nano_dollar()
    {
        await using var gateway = await EdgeGwProcess.StartAsync(Config("[]"));
        var created = await EdgeGwCommand.RunAsync(["keys", "create", "--name", "intern", "--user", "ann", "--group", "interns", "--config", gateway.ConfigFile]);
        var key = AdminApi.Secret().Match(created.Output).Value;
        foreach (var call in new[]
        {
            new Call(CallerDialect.Chat, new FakeScript { Input = 700, CachedInput = 300, Output = 41 }) { Key = key },
            new Call(CallerDialect.Chat, new FakeScript { Input = 123, Output = 77 }) { Key = key, Model = "our-alias", Path = "/v1/chat/completions", Stream = true },
            new Call(CallerDialect.Messages, new FakeScript { Input = 55, CacheWrite = 20, Output = 9 }) { Key = key },
            new Call(CallerDialect.Chat, new FakeScript { Id = "open", Input = 91, Output = 13 }) { Stream = true },
            new Call(CallerDialect.Chat, new FakeScript { Id = "open-long", Input = 17, Output = 5 }) { MaxOutput = 4001 },
        })
        {
            Assert.Equal(HttpStatusCode.OK, (await CallResult.OfAsync(gateway.Client, call)).Status);
        }
        var changed = JsonNode.Parse(await File.ReadAllTextAsync(gateway.ConfigFile))!;
        changed["policies"] = JsonNode.Parse("""
            [{ "name": "no-openai", "match": { "groups": ["interns"], "provider": ["openai"] }, "deny": "Interns use Anthropic." },
             { "name": "short", "match": { "provider": ["openai"] }, "require": { "max_output": 4000 }, "shadow": true },
             { "name": "office", "match": { "networks": ["10.0.0.0/8"] }, "deny": true }]
            """);
        changed["budgets"] = new JsonArray(GatewayConfig.Budget("nobody", 0.0000001m, "user"));
        changed["budgets"]![0]!["match"] = new JsonObject { ["user"] = new JsonArray("ann") };
        changed["pricing"]!["overrides"]!.AsArray().Insert(0, new JsonObject { ["model"] = "openai/fake-gpt", ["input"] = "7.0000001", ["output"] = "9.0000001" });
        var file = Path.Combine(gateway.DataDirectory, "changed.json");
        await File.WriteAllTextAsync(file, changed.ToJsonString());

        var running = await EdgeGwCommand.RunAsync(["simulate", "--config", file, "--last", "3"]);
        await gateway.StopAsync();
        var table = await EdgeGwCommand.RunAsync(["simulate", "--config", file, "--last", "100"]);
        var result = await EdgeGwCommand.RunAsync(["simulate", "--config", file, "--last", "100", "--json"]);
        var same = await EdgeGwCommand.RunAsync(["simulate", "--config", gateway.ConfigFile, "--last", "100", "--json"]);

        Assert.True(running.ExitCode == 0, running.All);
        Assert.True(result.ExitCode == 0, result.All);
        var report = JsonNode.Parse(result.Output)!;
        var mine = new Prices(7.0000001m, 7.0000001m, 7.0000001m, 9.0000001m);
        var recorded = _provider.Ledger.Calls.Sum(Prices.Cost);
        var would = _provider.Ledger.Calls.Where(call => call.Id.StartsWith("open", StringComparison.Ordinal)).Sum(call => mine.Cost(call.BilledInput, call.BilledCachedInput, call.BilledCacheWrite, call.BilledOutput));
        Assert.Equal((5, 3, Usd(recorded), Usd(would)), Totals(report));
        Assert.Equal(["no-openai ann 2 Interns use Anthropic. (policy \"no-openai\")", "nobody ann 1"], report["refused_by"]!.AsArray().Select(row =>
            $"{(string?)row!["policy"] ?? (string?)row["budget"]} {(string?)row["caller"]} {(int)row["calls"]!} {(row["policy"] is null ? "" : (string?)row["reason"])}".TrimEnd()));
        Assert.Equal(("short", 1), ((string)report["would_be_refused_by"]![0]!["policy"]!, (int)report["would_be_refused_by"]![0]!["calls"]!));
        Assert.Equal(("policy office", 5), ((string)report["not_judged"]![0]!["what"]!, (int)report["not_judged"]![0]!["calls"]!));
        Assert.Contains("refused   3\n", table.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal((5, 0, Usd(recorded), Usd(recorded)), Totals(JsonNode.Parse(same.Output)!));

        static string Usd(long nanoUsd) => (nanoUsd / 1_000_000_000m).ToString("0.#########", System.Globalization.CultureInfo.InvariantCulture);
        static (int, int, string, string) Totals(JsonNode json) => ((int)json["calls"]!, (int)json["refused"]!, (string)json["recorded_usd"]!, (string)json["would_cost_usd"]!);
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
