using System.Net;
using EdgeGw.Configuration;
using EdgeGw.Configuration.Changes;
using EdgeGw.Metering;

namespace EdgeGw.Tests.Configuration;

public sealed class PolicyConfigTests
{
    private const string Full = """
        { "environment": "production", "providers": { "openai": { "api_key": "k" } }, "models": { "small": "openai/gpt-5-mini" },
          "policies": [
            { "name": "a", "match": { "groups": ["interns"], "email": ["*@x"], "claims": { "role": "dev", "site": ["b", "m*"] }, "dialects": ["messages"],
                "environment": ["prod*"], "time": { "zone": "Europe/Berlin", "days": ["friday"], "from": "22:00", "to": "06:00" },
                "request": { "tools": true, "images": false, "stream": true, "max_output_above": 1000, "prompt_bytes_above": "64KiB" },
                "networks": ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"],
                "except": [ { "groups": ["leads"], "claims": { "role": "ops" } }, { "time": { "days": ["sunday"] } } ] }, "allow": { "models": ["local/*"], "providers": ["openai"], "dialects": ["responses"] } },
            { "name": "b", "deny": "not today", "shadow": true },
            { "name": "c", "deny": true },
            { "name": "d", "require": { "metadata": ["team"], "max_output": 4096 } },
            { "name": "e", "route": "small" },
            { "name": "f", "match": { "environment": ["staging"] }, "deny": true },
            { "name": "g", "match": { "claims": { "level": "1" } }, "limits": [ { "per": ["user"], "requests": 10, "window": "1m", "burst": 2 }, { "tokens": 900, "window": "1h" } ], "shadow": true },
            { "name": "h", "match": { "environment": ["staging"] }, "limits": [ { "concurrent": 1 } ] } ],
          "budgets": [ { "name": "here", "match": { "environment": ["production"] }, "amount_usd": 1, "window": "day" },
                       { "name": "there", "match": { "environment": ["staging"] }, "amount_usd": 1, "window": "day" } ],
          "limits": [ { "name": "there", "match": { "environment": ["staging"] }, "concurrent": 1 } ] }
        """;

    [Fact]
    public void Policies_are_bound()
    {
        var policies = ConfigFixture.LoadGood(Full).Policies;
        var match = policies[0].Match!;

        Assert.Equal(["interns"], match.Calls.Groups);
        Assert.Equal(["b", "m*"], match.Claims["site"]);
        Assert.Equal([Dialect.Messages], match.Dialects);
        Assert.Equal(("Europe/Berlin", TimeSpan.FromHours(22), TimeSpan.FromHours(6)), (match.Time!.Zone.Id, match.Time.From, match.Time.To));
        Assert.Equal(new RequestMatch { Tools = true, Images = false, Stream = true, MaxOutputAbove = 1000, PromptBytesAbove = 65536 }, match.Request);
        Assert.Equal([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("192.0.2.7/32")], match.Networks);
        Assert.Equal(["leads"], match.Except[0].Calls.Groups);
        Assert.Equal(["ops"], match.Except[0].Claims["role"]);
        Assert.Equal([DayOfWeek.Sunday], match.Except[1].Time!.Days);
        Assert.Equal(["local/*"], policies[0].Allow!.Models);
        Assert.Equal([Dialect.Responses], policies[0].Allow!.Dialects);
        Assert.Equal(("not today", true), (policies[1].Reason, policies[1].Shadow));
        Assert.Equal((PolicyEffect.Deny, null), (policies[2].Effect, policies[2].Reason));
        Assert.Equal(4096, policies[3].Require!.MaxOutput);
        Assert.Equal(["team"], policies[3].Require!.Metadata);
        Assert.Equal("small", policies[4].Route);
        Assert.Equal([(LimitKind.Requests, 10L), (LimitKind.Tokens, 900L)], policies[6].Limits.Select(limit => (limit.Kind, limit.Amount)));
    }

    [Fact]
    public void Limits_of_a_policy_are_limits_of_its_name_and_calls_and_decide_nothing()
    {
        var config = ConfigFixture.LoadGood(Full);

        Assert.DoesNotContain(config.PoliciesHere, policy => policy.Name == "g");
        Assert.Equal([("g", AtLimit.Shadow, "g"), ("g", AtLimit.Shadow, "g")], config.LimitsHere.Select(limit => (limit.Name, limit.AtLimit, limit.Policy!.Name)));
        Assert.Equal([CallDimension.User], config.LimitsHere[0].Per);
        Assert.Equal(2, config.LimitsHere[0].Burst);
    }

    [Fact]
    public void Rules_of_another_environment_are_not_in_force()
    {
        var config = ConfigFixture.LoadGood(Full);
        Assert.Equal(["a", "b", "c", "d", "e"], config.PoliciesHere.Select(policy => policy.Name));
        Assert.Equal(["here"], config.BudgetsHere.Select(budget => budget.Name));
        Assert.DoesNotContain(config.LimitsHere, limit => limit.Name != "g");
    }

    [Fact]
    public void The_same_policies_loaded_twice_have_no_changes() =>
        Assert.True(ConfigChanges.Between(ConfigFixture.LoadGood(Full), ConfigFixture.LoadGood(Full)).IsNone);

    [Theory]
    [InlineData("\"interns\"", "\"others\"", "a")]
    [InlineData("\"role\": \"dev\"", "\"role\": \"ops\"", "a")]
    [InlineData("[\"messages\"]", "[\"gemini\"]", "a")]
    [InlineData("[\"prod*\"]", "[\"p*\"]", "a")]
    [InlineData("Europe/Berlin", "Europe/Paris", "a")]
    [InlineData("\"friday\"", "\"monday\"", "a")]
    [InlineData("\"06:00\"", "\"07:00\"", "a")]
    [InlineData("64KiB", "65KiB", "a")]
    [InlineData("192.0.2.7", "192.0.2.8", "a")]
    [InlineData("\"leads\"", "\"heads\"", "a")]
    [InlineData(", { \"time\": { \"days\": [\"sunday\"] } }", "", "a")]
    [InlineData("local/*", "local/x", "a")]
    [InlineData("\"responses\"", "\"messages\"", "a")]
    [InlineData("not today", "never", "b")]
    [InlineData("[\"team\"]", "[\"cost\"]", "d")]
    [InlineData("4096", "4097", "d")]
    [InlineData("\"route\": \"small\"", "\"route\": \"openai/gpt-5\"", "e")]
    [InlineData("\"tokens\": 900", "\"tokens\": 901", "g")]
    [InlineData("\"per\": [\"user\"]", "\"per\": [\"key\"]", "g")]
    [InlineData(", { \"tokens\": 900, \"window\": \"1h\" }", "", "g")]
    public void One_changed_value_names_its_policy(string from, string to, string policy)
    {
        Assert.Contains(from, Full, StringComparison.Ordinal);
        var changes = ConfigChanges.Between(ConfigFixture.LoadGood(Full), ConfigFixture.LoadGood(Full.Replace(from, to, StringComparison.Ordinal)));
        Assert.Equal([$"policies.{policy}"], changes.Changed);
    }

    public static TheoryData<string, string> Faults => new()
    {
        { Policy("¶\"mach\": {}, \"deny\": true"), "policies[0].mach: unknown name in a policy; did you mean \"match\"?" },
        { "{\"policies\": [ ¶{\"name\": \"p\"}]}", "policies[0]: has no effect: one of \"allow\", \"deny\", \"require\", \"route\" or \"limits\" is needed" },
        { Policy("\"deny\": true, ¶\"require\": {\"max_output\": 1}"), "policies[0].require: a policy has one effect, and this one has deny already: make it a policy of its own" },
        { Policy("\"deny\": ¶false"), "policies[0].deny: must be true, or a reason that the caller is told" },
        { Policy("\"limits\": ¶[]"), "policies[0].limits: is empty: say what is limited ({\"requests\": 10, \"window\": \"1m\"})" },
        { Policy("\"limits\": [¶{\"per\": [\"user\"]}]"), "policies[0].limits[0]: says no amount: one of \"requests\", \"tokens\" or \"concurrent\" is needed" },
        { Policy("\"limits\": [{¶\"name\": \"x\", \"concurrent\": 1}]"), "policies[0].limits[0].name: unknown name in a limit of a policy" },
        { Policy("\"limits\": [{\"concurrent\": 1}, ¶{\"concurrent\": 2}]"), "policies[0].limits[1]: counts what another limit of this policy counts: make it a policy of its own" },
        { "{\"limits\": [{\"name\": \"p\", \"concurrent\": 1}], \"policies\": [{\"name\": ¶\"p\", \"limits\": [{\"concurrent\": 1}]}]}", "policies[0].name: \"p\" is the name of a limit too, and a refusal must tell which it was: rename one" },
        { Policy("\"allow\": ¶{}"), "policies[0].allow: allows nothing: name models, providers or dialects (\"providers\": [\"*\"] is everything)" },
        { Policy("\"allow\": {\"models\": ¶[]}"), "policies[0].allow.models: is empty: an empty list would match everybody" },
        { Policy("\"allow\": {\"dialects\": [¶\"mesages\"]}"), "policies[0].allow.dialects[0]: unknown dialect \"mesages\"; did you mean \"messages\"?" },
        { Policy("\"require\": ¶{}"), "policies[0].require: requires nothing: name metadata or max_output" },
        { Policy("\"require\": {¶\"cache\": false}"), "policies[0].require.cache: not available in this version" },
        { Policy("\"require\": {\"max_output\": ¶0}"), "policies[0].require.max_output: must be a whole number from 1 to 100000000" },
        { Policy("\"route\": ¶\"nowhere/x\""), "policies[0].route: \"nowhere/x\" is neither an alias of \"models\" nor a \"provider/model\" of a configured provider" },
        { Policy("\"deny\": true, \"match\": ¶{}"), "policies[0].match: matches on nothing: name what it is for, or leave it out" },
        { Policy("\"deny\": true, \"match\": {\"except\": ¶[]}"), "policies[0].match.except: is empty: name what the policy is not for, or leave it out" },
        { Policy("\"deny\": true, \"match\": {\"except\": [¶{}]}"), "policies[0].match.except[0]: excepts everything: name what the policy is not for" },
        { Policy("\"deny\": true, \"match\": {\"except\": [{¶\"environment\": [\"x\"]}]}"), "policies[0].match.except[0].environment: unknown name in an exception of a policy's match" },
        { "{\"providers\": {\"openai\": {\"api_key\": \"k\"}}, \"models\": {\"small\": \"openai/x\"}, \"policies\": [{\"name\": \"p\", \"deny\": true, \"match\": {\"except\": [{\"model\": [¶\"small\"]}]}}]}", "policies[0].match.except[0].model[0]: \"small\" is an alias, and policies see what it stands for: write \"openai/x\"" },
        { Policy("\"deny\": true, \"match\": {\"environment\": ¶[\"x\"]}"), "policies[0].match.environment: asks where this node runs, and nothing says so: set \"environment\" at the top of the configuration" },
        { Policy("\"deny\": true, \"match\": {\"networks\": [¶\"10.0.0.1/8\"]}"), "policies[0].match.networks[0]: \"10.0.0.1/8\" is no network; write it like \"10.0.0.0/8\" or \"2001:db8::/32\", with no bits set beyond the prefix" },
        { Policy("\"deny\": true, \"match\": {\"networks\": [¶\"::ffff:10.0.0.0/104\"]}"), "policies[0].match.networks[0]: \"::ffff:10.0.0.0/104\" is an IPv4 network in IPv6 clothes, and callers' addresses are compared without: write it as IPv4" },
        { Policy("\"deny\": true, \"match\": {\"time\": {\"from\": ¶\"8:00\"}}"), "policies[0].match.time.from: \"8:00\" is no time of day; write it like \"08:30\" or \"22:00\"" },
        { Policy("\"deny\": true, \"match\": {\"time\": ¶{\"from\": \"08:00\", \"to\": \"08:00\"}}"), "policies[0].match.time: \"from\" and \"to\" are the same, which is no time at all: leave both out for the whole day" },
        { Policy("\"deny\": true, \"match\": {\"time\": ¶{}}"), "policies[0].match.time: says no time: name days, from or to" },
        { Policy("\"deny\": true, \"match\": {\"time\": {\"zone\": ¶\"Europe/Berlni\", \"from\": \"01:00\"}}"), "policies[0].match.time.zone: unknown time zone \"Europe/Berlni\"; did you mean \"Europe/Berlin\"?" },
        { Policy("\"deny\": true, \"match\": {\"request\": ¶{}}"), "policies[0].match.request: asks for nothing: name tools, images, stream, max_output_above or prompt_bytes_above" },
        { "{\"providers\": {\"openai\": {\"api_key\": \"k\"}}, \"models\": {\"small\": \"openai/x\"}, \"policies\": [{\"name\": \"p\", \"allow\": {\"models\": [¶\"small\"]}}]}", "policies[0].allow.models[0]: \"small\" is an alias, and policies see what it stands for: write \"openai/x\"" },
        { "{\"environment\": ¶\"a b\"}", "environment: \"a b\" must be 1 to 64 of letters, digits and \".\", \"_\", \"-\", \"@\", starting with a letter or digit" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Fault_says_what_to_do(string marked, string fault)
    {
        var (json, place) = ConfigFixture.TakeMark(marked);
        Assert.Equal([$"{place}: {fault}"], ConfigFixture.FaultsOf(json));
    }

    private static string Policy(string members) => $"{{\"policies\": [{{\"name\": \"p\", {members}}}]}}";
}
