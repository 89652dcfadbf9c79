using System.Runtime.CompilerServices;
using EdgeGw.Identity;
using EdgeGw.Pricing;

namespace EdgeGw.Tests.Hosting;

public sealed class ConfigReloaderTests
{
    private const string Provider = """ "providers": { "openai": { "api_key": "k1" } }""";

    [Fact]
    public async Task Good_file_is_in_force_at_once_and_its_changes_are_named_and_counted()
    {
        await using var gateway = await ReloadFixture.StartAsync($$"""{ {{Provider}} }""");
        Assert.Contains("edgegw_config_last_reload_successful 1\n", gateway.Metrics, StringComparison.Ordinal);

        var report = await gateway.ReloadAsync("""
            { "providers": { "openai": { "api_key": "k2-secret" }, "anthropic": { "api_key": "k3-secret" } }, "models": { "fast": "openai/gpt-4o" } }
            """);

        Assert.Equal(["providers.anthropic", "models.fast"], report.Changes.Added);
        Assert.Equal(["providers.openai"], report.Changes.Changed);
        Assert.Equal("k2-secret", gateway.Setup.Config.Providers["openai"].ApiKey);
        Assert.Equal("openai/gpt-4o", gateway.Setup.Router.Aliases["fast"]);
        Assert.Equal(["Information: The configuration was loaded again: added providers.anthropic, models.fast; changed providers.openai"], gateway.Log);
        Assert.Contains("edgegw_config_reloads_total{result=\"ok\"} 1\n", gateway.Metrics, StringComparison.Ordinal);
        Assert.Contains("edgegw_config_changes_total{section=\"providers\",change=\"added\"} 1\n", gateway.Metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", gateway.Metrics + string.Join('\n', gateway.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_file_changes_nothing_and_all_its_faults_are_told()
    {
        await using var gateway = await ReloadFixture.StartAsync($$"""{ {{Provider}} }""");
        var setup = gateway.Setup;

        var report = await gateway.ReloadAsync($$"""
            { {{Provider}},
              "budgets": [ { "name": "b", "amount_usd": -1, "window": "mounth" } ],
              "models": { "fast": "openai/gpt-4o" }, "pricing": { "filez": [] } }
            """);

        Assert.Same(setup, gateway.Setup);
        Assert.Equal([2, 2, 3], report.Faults.Select(fault => fault.Line).Order());
        Assert.Equal(4, gateway.Log.Count(line => line.StartsWith("Error: ", StringComparison.Ordinal)));
        Assert.Contains(gateway.Log, line => line.Contains("mounth", StringComparison.Ordinal));
        Assert.Contains("edgegw_config_reloads_total{result=\"failed\"} 1\n", gateway.Metrics, StringComparison.Ordinal);
        Assert.Contains("edgegw_config_last_reload_successful 0\n", gateway.Metrics, StringComparison.Ordinal);

        Assert.Empty((await gateway.ReloadAsync($$"""{ {{Provider}} }""")).Faults);
        Assert.Contains("edgegw_config_last_reload_successful 1\n", gateway.Metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_price_file_is_a_fault_and_a_changed_one_new_prices()
    {
        const string File = """{"providers": [{"kinds": ["openai"], "models": [{"id": "m", "prices": [{"input": PRICE}]}]}]}""";
        const string Json = $$"""{ {{Provider}}, "pricing": { "files": ["p.json"] } }""";
        await using var gateway = await ReloadFixture.StartAsync($$"""{ {{Provider}} }""");
        Assert.Contains("there is no file", Assert.Single((await gateway.ReloadAsync(Json)).Faults).Message, StringComparison.Ordinal);

        gateway.WriteFile("p.json", File.Replace("PRICE", "7", StringComparison.Ordinal));
        Assert.Equal(["pricing"], (await gateway.ReloadAsync(Json)).Changes.Changed);
        Assert.Equal(UnitPrice.FromDollarsPerMillion(7), Input(gateway));

        gateway.WriteFile("p.json", File.Replace("PRICE", "11", StringComparison.Ordinal));
        Assert.Equal(["pricing.files"], (await gateway.ReloadAsync(Json)).Changes.Changed);
        Assert.Equal(UnitPrice.FromDollarsPerMillion(11), Input(gateway));

        static UnitPrice Input(ReloadFixture gateway) => gateway.Setup.Prices.Resolve("openai", "openai", "m").Price!.Rates.Input;
    }

    [Fact]
    public async Task Variables_are_read_anew()
    {
        await using var gateway = await ReloadFixture.StartAsync("""{ "providers": { "openai": { "api_key": "${KEY}" } } }""", ("KEY", "old"));
        gateway.Environment["KEY"] = "new";
        Assert.Equal(["providers.openai"], (await gateway.Reloader.ReloadAsync()).Changes.Changed);
        Assert.Equal("new", gateway.Setup.Config.Providers["openai"].ApiKey);
    }

    [Fact]
    public async Task What_only_a_restart_changes_is_named_and_the_rest_takes_effect()
    {
        await using var gateway = await ReloadFixture.StartAsync($$"""{ {{Provider}} }""");

        var report = await gateway.ReloadAsync($$"""{ {{Provider}}, "listen": { "data": "127.0.0.1:9" }, "durability": "strict", "models": { "a": "openai/x" } }""");

        Assert.Equal(["listen.data", "durability"], report.RestartNeeded);
        Assert.Equal(["models.a"], report.Changes.Added);
        Assert.Empty(report.Changes.Changed);
        Assert.Equal(8080, gateway.Setup.Config.Listen.Data.Port);
        Assert.Contains("edgegw_config_restart_needed 1\n", gateway.Metrics, StringComparison.Ordinal);
        Assert.Contains(gateway.Log, line => line.EndsWith("listen.data, durability", StringComparison.Ordinal));

        await gateway.ReloadAsync($$"""{ {{Provider}} }""");
        Assert.Contains("edgegw_config_restart_needed 0\n", gateway.Metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changed_amount_keeps_what_was_spent_and_a_budget_that_comes_back_too()
    {
        await using var gateway = await ReloadFixture.StartAsync(WithBudget(10));
        gateway.Spend(Principal.Anonymous, 6);

        await gateway.ReloadAsync(WithBudget(6));
        Assert.Equal("b", gateway.Hold(Principal.Anonymous, 1).Refusal!.Budget);

        await gateway.ReloadAsync(WithBudget(7));
        gateway.Spend(Principal.Anonymous, 1);

        await gateway.ReloadAsync($$"""{ {{Provider}} }""");
        Assert.Empty(gateway.Services.Ledger.Statuses());
        gateway.Spend(Principal.Anonymous, 100);

        await gateway.ReloadAsync(WithBudget(8));
        var status = Assert.Single(gateway.Services.Ledger.Statuses());
        Assert.Equal((NanoUsd.FromDollars(7), NanoUsd.FromDollars(8)), (status.Spent, status.Limit));
        Assert.Null(gateway.Hold(Principal.Anonymous, 2).Hold);
        Assert.NotNull(gateway.Hold(Principal.Anonymous, 1).Hold);
    }

    [Fact]
    public async Task Hold_taken_before_settles_on_the_slots_that_it_held()
    {
        await using var gateway = await ReloadFixture.StartAsync(WithBudget(10));
        var hold = gateway.Hold(Principal.Anonymous, 5).Hold!;

        await gateway.ReloadAsync($$"""{ {{Provider}}, "budgets": [ { "name": "other", "amount_usd": 1, "window": "month" } ] }""");
        Assert.True(gateway.Services.Ledger.Settle(hold, ReloadFixture.Draft(Principal.Anonymous, 4), out _));
        Assert.Equal(NanoUsd.Zero, Assert.Single(gateway.Services.Ledger.Statuses()).Spent);

        await gateway.ReloadAsync(WithBudget(10));
        var status = Assert.Single(gateway.Services.Ledger.Statuses());
        Assert.Equal((NanoUsd.FromDollars(4), NanoUsd.Zero), (status.Spent, status.Held));
    }

    [Fact]
    public async Task Keys_of_the_configuration_come_change_and_go_and_those_made_here_stay()
    {
        await using var gateway = await ReloadFixture.StartAsync($$"""{ {{Provider}} }""");
        var made = (await gateway.Store.Keys.CreateAsync(Template("made"), gateway.Store.Journal, default))!.Value.Secret;
        var secret = KeyHasher.NewSecret();
        Assert.True(gateway.Store.Keys.Hasher.TryHash(secret, out var digest));
        string WithKey(string groups) => $$"""
            { {{Provider}}, "identity": { "keys": [ { "name": "bot", "hash": "{{digest}}", "groups": [{{groups}}] } ] },
              "budgets": [ { "name": "b", "per": ["key"], "amount_usd": { "default": 1, "groups": { "senior": 5 } }, "window": "month" } ] }
            """;
        Assert.Null(Find(secret));

        await gateway.ReloadAsync(WithKey("\"junior\""));
        Assert.NotNull(gateway.Hold(Find(secret)!, 1).Hold);
        Assert.NotNull(gateway.Hold(Find(secret)!, 4).Refusal);
        Assert.Null(await gateway.Store.Keys.CreateAsync(Template("bot"), gateway.Store.Journal, default));

        var report = await gateway.ReloadAsync(WithKey("\"junior\", \"senior\""));
        Assert.Equal(["identity.keys.bot"], report.Changes.Changed);
        Assert.NotNull(gateway.Hold(Find(secret)!, 4).Hold);

        await gateway.ReloadAsync($$"""{ {{Provider}} }""");
        Assert.Null(Find(secret));
        Assert.Equal("made", Find(made)!.KeyName);
        Assert.Equal("made", Assert.Single(gateway.Store.Keys.All).Name);

        Principal? Find(string presented) => gateway.Store.Keys.Find(presented, gateway.Setup.Keys, new LastSecret()).Principal;
    }

    [Fact]
    public async Task Provider_that_did_not_change_is_taken_over_and_connections_of_removed_ones_are_not_kept()
    {
        await using var gateway = await ReloadFixture.StartAsync("""
            { "providers": { "openai": { "api_key": "k" }, "gone": { "kind": "openai", "base_url": "http://127.0.0.1:7/v1" },
              "bedrock": { "region": "eu-central-1", "credentials": "instance" } } }
            """);
        var before = gateway.Setup.Router.Providers;

        await gateway.ReloadAsync("""
            { "providers": { "openai": { "api_key": "k" }, "bedrock": { "region": "eu-west-1", "credentials": "instance" } } }
            """);

        var after = gateway.Setup.Router.Providers;
        Assert.Same(before["openai"], after["openai"]);
        Assert.NotSame(before["bedrock"], after["bedrock"]);
        Assert.Equal(
            ["https://api.openai.com", "https://bedrock-runtime.eu-west-1.amazonaws.com"],
            gateway.Transport.Kept.Select(origin => origin.Authority).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Webhooks_and_velocity_change_at_once_and_their_connections_are_kept()
    {
        const string Json = """{ "alerts": { "webhooks": [ { "url": "https://hooks.example.com/a?t=URL", "secret": "a secret of some SECRET" } ] }, "velocity": { "minimum_usd_per_hour": 5 } }""";
        await using var gateway = await ReloadFixture.StartAsync("{}");
        Assert.True(gateway.Services.Velocity.IsOff);

        Assert.Equal(["velocity", "alerts"], (await gateway.ReloadAsync(Json)).Changes.Changed);
        Assert.False(gateway.Services.Velocity.IsOff);
        Assert.Equal(["https://hooks.example.com"], gateway.Transport.Kept.Select(origin => origin.Authority));
        Assert.True((await gateway.ReloadAsync(Json)).Changes.IsNone);
        Assert.Equal(["alerts"], (await gateway.ReloadAsync(Json.Replace("SECRET", "length", StringComparison.Ordinal))).Changes.Changed);
        Assert.DoesNotContain("t=URL", string.Join('\n', gateway.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_that_breaks_inside_the_gateway_leaves_what_is_in_force_and_the_next_one_works()
    {
        await using var gateway = await ReloadFixture.StartAsync($$"""{ {{Provider}} }""");
        var setup = gateway.Setup;
        var reloader = new EdgeGw.Hosting.ConfigReloader(
            new() { Config = setup.Config }, () => throw new InvalidOperationException("broken"), gateway.Services, gateway.Store, null);

        Assert.Single((await reloader.ReloadAsync()).Faults);

        Assert.Same(setup, gateway.Setup);
        Assert.Contains(gateway.Log, line => line.EndsWith("broken", StringComparison.Ordinal));
        Assert.Contains("edgegw_config_last_reload_successful 0\n", gateway.Metrics, StringComparison.Ordinal);
        Assert.Empty((await gateway.Reloader.ReloadAsync()).Faults);
    }

    [Fact]
    public async Task Old_setups_are_collected()
    {
        await using var gateway = await ReloadFixture.StartAsync(WithBudget(1));
        var old = new List<WeakReference>();
        for (var i = 2; i < 20; i++)
        {
            Remember(gateway, old);
            await gateway.ReloadAsync(WithBudget(i));
        }
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        // A method that still runs may keep the latest in a register.
        Assert.InRange(old.Count(static setup => setup.IsAlive), 0, 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Remember(ReloadFixture gateway, List<WeakReference> old) => old.Add(new WeakReference(gateway.Setup));

    private static VirtualKey Template(string name) => new() { Id = "", Name = name, Digest = default };

    private static string WithBudget(long dollars) =>
        $$"""{ {{Provider}}, "budgets": [ { "name": "b", "amount_usd": {{dollars}}, "window": "month" } ] }""";
}
