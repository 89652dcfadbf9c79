using EdgeGw.Configuration;
using EdgeGw.Policy;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Policy;

public sealed class PolicySetTests
{
    [Fact]
    public void Policies_decide_as_the_oracle_does_whatever_was_asked_before() =>
        Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary(), static seed =>
        {
            var random = new Random(seed);
            var generator = new PolicyGenerator(random);
            var configs = generator.Policies();
            var policies = new PolicySet(configs);
            var callers = generator.Callers();
            for (var i = 0; i < 40; i++)
            {
                var call = generator.Call(callers[random.Next(callers.Length)]);
                var isRouted = random.Next(4) == 0;
                Assert.Equal(Text(PolicyOracle.Decide(configs, call, isRouted)), Text(policies.Decide(call, isRouted)));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Order_of_policies_means_nothing() =>
        Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary(), static seed =>
        {
            var random = new Random(seed);
            var generator = new PolicyGenerator(random);
            var configs = generator.Policies();
            var shuffled = configs.ToArray();
            random.Shuffle(shuffled);
            var (one, other) = (new PolicySet(configs), new PolicySet(shuffled));
            foreach (var caller in generator.Callers())
            {
                var call = generator.Call(caller);
                Assert.Equal(Text(one.Decide(call)), Text(other.Decide(call)));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void What_matches_is_what_the_decision_was_made_of() =>
        Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary(), static seed =>
        {
            var generator = new PolicyGenerator(new Random(seed));
            var policies = new PolicySet(generator.Policies());
            foreach (var caller in generator.Callers())
            {
                var call = generator.Call(caller);
                var names = policies.Matching(call).Select(rule => rule.Name).ToArray();
                var decision = policies.Decide(call);
                Assert.True(decision.Rule is null || names.Contains(decision.Rule.Name));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void A_known_caller_and_model_under_a_thousand_policies_and_a_hundred_groups_take_no_memory()
    {
        var policies = new PolicySet(Enumerable.Range(0, 1000).Select(static i => i % 10 == 0
            ? PolicyTesting.Deny($"deny-{i}", new PolicyMatch { Calls = new CallMatch { Groups = [$"group-{i}"], Models = ["openai/secret-*"] } })
            : PolicyTesting.Allow($"allow-{i}", PolicyTesting.Group($"group-{i}"), $"openai/gpt-{i}*")));
        var call = PolicyTesting.Call(PolicyTesting.InGroups([.. Enumerable.Range(300, 100).Select(static i => $"group-{i}")]), "openai/gpt-345");
        Assert.Equal((PolicyResult.Allowed, "allow-345"), policies.Ask(call));
        Assert.Equal(0, PolicyTesting.AllocatedBy(policies, call));
    }

    [Fact]
    public void Rules_on_time_network_request_and_labels_take_no_memory_either()
    {
        var policies = new PolicySet(
        [
            PolicyTesting.Allow("hours", new PolicyMatch { Time = new TimeMatch { From = TimeSpan.FromHours(8), To = TimeSpan.FromHours(18) } }, "openai/*"),
            PolicyTesting.Deny("elsewhere", new PolicyMatch { Networks = [System.Net.IPNetwork.Parse("10.0.0.0/8")] }),
            PolicyTesting.Deny("tools", new PolicyMatch { Request = new RequestMatch { Tools = true } }),
            PolicyTesting.Deny("team", new PolicyMatch { Calls = new CallMatch { Metadata = new Dictionary<string, string> { ["team"] = "x" } } }),
            PolicyTesting.Deny("not-core", new PolicyMatch { Except = [Label("team", "*"), new() { Calls = new CallMatch { Models = ["openai/*"] } }] }),
            PolicyTesting.Deny("not-blue", new PolicyMatch { Except = [Label("colour", "blue"), new() { Claims = new Dictionary<string, IReadOnlyList<string>> { ["role"] = ["dev"] } }, new() { Time = new TimeMatch() }] }),
            PolicyTesting.Require("cap", null, 100),
        ]);
        var call = PolicyTesting.Call(PolicyTesting.InGroups("ml"), "openai/gpt-5");
        Assert.Equal((PolicyResult.Allowed, "hours"), policies.Ask(call));
        Assert.Equal(0, PolicyTesting.AllocatedBy(policies, call));
    }

    private static PolicyMatch Label(string name, string value) => new() { Calls = new CallMatch { Metadata = new Dictionary<string, string> { [name] = value } } };

    private static string Text((PolicyResult Result, string? Rule, string? Route, string? Cap, string[] Shadows) expected) =>
        $"{expected.Result} by {expected.Rule} to {expected.Route} cap {expected.Cap} shadows {string.Join(", ", expected.Shadows.Order(StringComparer.Ordinal))}";

    private static string Text(in PolicyDecision decision)
    {
        var shadows = new List<string>();
        for (var shadow = decision.Shadows; shadow is not null; shadow = shadow.Next)
        {
            if (shadow.ResultFor(decision) is { } would)
            {
                shadows.Add($"{shadow.Rule.Name}: {would}");
            }
        }
        return Text((decision.Result, decision.Rule?.Name, decision.Route?.Route, decision.Cap?.Name, [.. shadows]));
    }
}
