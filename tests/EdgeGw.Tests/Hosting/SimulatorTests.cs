using EdgeGw.Admin;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using EdgeGw.Limits;
using EdgeGw.Matching;
using EdgeGw.Pricing;

namespace EdgeGw.Tests.Hosting;

public sealed class SimulatorTests
{
    private const string Config = """
        {
          "providers": { "openai": { "api_key": "k" }, "local": { "kind": "openai", "base_url": "http://127.0.0.1:9/v1", "pricing": "free" } },
          "identity": { "keys": [ { "name": "bot", "hash": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "service": "bot", "groups": ["interns"] } ] },
          "policies": [
            { "name": "interns", "match": { "groups": ["interns"] }, "allow": { "models": ["local/*"] } },
            { "name": "short", "match": { "groups": ["short"] }, "require": { "max_output": 100 } },
            { "name": "away", "match": { "groups": ["away"] }, "route": "local/llama" },
            { "name": "watched", "match": { "model": ["gpt-*"] }, "deny": true, "shadow": true },
            { "name": "no-cheap", "match": { "user": ["eve"], "model": ["gpt-4o-mini"] }, "deny": true } ],
          "budgets": [ { "name": "person", "per": ["user"], "amount_usd": { "default": 10, "groups": { "senior": 20 } }, "window": "month" },
                       { "name": "thrift", "match": { "user": ["tom", "eve"] }, "per": ["user"], "amount_usd": 5, "window": "month", "at_limit": { "downgrade": "openai/gpt-4o-mini" } } ],
          "limits": [ { "name": "rpm", "match": { "user": ["slow"] }, "per": ["user"], "requests": 2, "window": "1m" } ]
        }
        """;

    [Fact]
    public async Task Call_in_order_shows_target_hold_and_each_budget_with_the_callers_amount_and_changes_nothing()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        gateway.Spend(new Principal { User = "ann" }, 4);

        var simulation = Ask(gateway, new Principal { User = "ann", Groups = ["senior"] }, "openai/gpt-4o");

        Assert.Equal((200, null, "openai", "gpt-4o"), (simulation.Status, simulation.Code, simulation.Provider, simulation.Model));
        var budget = Assert.Single(simulation.Budgets);
        Assert.Equal(("person", "ann", true), (budget.Status.Budget, budget.Status.Scope, budget.Fits));
        Assert.Equal((NanoUsd.FromDollars(20), NanoUsd.FromDollars(16)), (budget.Status.Limit, budget.Status.Remaining));
        Assert.True(simulation.Hold > NanoUsd.Zero);
        Assert.Equal(["watched: would_refuse"], simulation.Rules.Select(rule => $"{rule.Name}: {rule.Result}"));
        Assert.Equal(0, gateway.Services.Ledger.OpenHolds);
        Assert.DoesNotContain("edgegw_policy_decisions_total{", gateway.Metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policy_refuses_a_key_by_its_name_with_the_conditions_that_hold()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);

        var simulation = gateway.Simulate(new SimulatedCall { Key = "bot", Model = "openai/gpt-4o" }).Value!;

        Assert.Equal((403, "policy_denied", "interns"), (simulation.Status, simulation.Code, simulation.Policy));
        Assert.Equal("interns: refused on groups; watched: would_refuse on model",
            string.Join("; ", simulation.Rules.Select(rule => $"{rule.Name}: {rule.Result} on {string.Join(",", rule.Conditions)}")));
        var allowed = Ask(gateway, new Principal { Groups = ["interns"] }, "local/llama");
        Assert.Equal((200, "interns"), (allowed.Status, allowed.Policy));
        Assert.Equal("key_not_found", gateway.Simulate(new SimulatedCall { Key = "ghost", Model = "openai/gpt-4o" }).Error!.Code);
    }

    [Fact]
    public async Task Route_cap_and_exhausted_budget_are_seen()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        gateway.Spend(new Principal { User = "ann" }, 10);

        var routed = Ask(gateway, new Principal { Groups = ["away"] }, "openai/gpt-4o");
        Assert.Equal(("local", "llama", "away"), (routed.Provider, routed.Model, routed.RoutedBy));
        Assert.Equal(100, Ask(gateway, new Principal { Groups = ["short"] }, "openai/gpt-4o").GivenMaxOutput);
        Assert.Equal("policy_requirement", gateway.Simulate(new SimulatedCall { Caller = new Principal { Groups = ["short"] }, Model = "openai/gpt-4o", MaxOutput = 101 }).Value!.Code);
        Assert.Equal("budget_exceeded", Ask(gateway, new Principal { User = "ann" }, "openai/gpt-4o").Code);
        Assert.Null(Ask(gateway, new Principal { User = "ann" }, "local/llama").Code);
        Assert.Equal(404, Ask(gateway, new Principal(), "nobody/x").Status);
    }

    [Fact]
    public async Task Limit_shows_what_is_left_and_refuses_when_nothing_is_and_asking_takes_nothing()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        gateway.Services.Limits.UseRules(gateway.Setup.Config.LimitsHere);
        var slow = new Principal { User = "slow" };
        var subject = new CallSubject(slow, "openai", "gpt-4o", slow.Metadata);

        SimulatedLimit[] asked = [.. Enumerable.Range(0, 5).Select(_ => Assert.Single(Ask(gateway, slow, "openai/gpt-4o").Limits))];
        Assert.All(asked, limit => Assert.Equal(("rpm", "slow", 2, 1, true), (limit.Limit.Name, limit.Scope, limit.Remaining, limit.Needed, limit.Fits)));
        Assert.Equal(0, gateway.Services.Limits.Count().Scopes);
        Assert.Null(gateway.Services.Limits.TryTake(subject, 0, new LimitLease()));
        Assert.Null(gateway.Services.Limits.TryTake(subject, 0, new LimitLease()));

        var full = Ask(gateway, slow, "openai/gpt-4o");
        Assert.Equal(("rate_limited", 0, false), (full.Code, full.Limits[0].Remaining, full.Limits[0].Fits));
        Assert.Empty(Ask(gateway, new Principal { User = "ann" }, "openai/gpt-4o").Limits);
    }

    [Fact]
    public async Task Used_up_budget_sends_to_its_cheaper_model_unless_a_policy_denies_that()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        gateway.Spend(new Principal { User = "tom" }, 5);
        gateway.Spend(new Principal { User = "eve" }, 5);

        var moved = Ask(gateway, new Principal { User = "tom" }, "openai/gpt-4o");
        var kept = Ask(gateway, new Principal { User = "eve" }, "openai/gpt-4o");

        Assert.Equal(("gpt-4o-mini", "thrift", null), (moved.Model, moved.DowngradedBy, moved.Code));
        Assert.Equal(("gpt-4o", "budget_exceeded"), (kept.Model, kept.Code));
    }

    private static Simulation Ask(ReloadFixture gateway, Principal caller, string model) => gateway.Simulate(new SimulatedCall { Caller = caller, Model = model }).Value!;
}

file static class Simulating
{
    public static AdminResult<Simulation> Simulate(this ReloadFixture gateway, SimulatedCall call) => new Simulator(gateway.Services, gateway.Store.Keys).Simulate(call);
}
