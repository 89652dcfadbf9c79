using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Policy;

namespace EdgeGw.Tests.Policy;

/// <summary>Policies as companies write them: those of docs/policies.md.</summary>
public sealed class CompanyPolicyTests
{
    private const string Sonnet = "anthropic/claude-sonnet-4-5";

    private static readonly PolicySet Policies = new(
    [
        PolicyTesting.Allow("interns-open-models", PolicyTesting.Group("interns"), "local/*"),
        PolicyTesting.Allow("ml-frontier", PolicyTesting.Group("ml-*"), "openai/gpt-5*", "anthropic/claude-*", "local/*"),
        PolicyTesting.Allow("review-bot", new PolicyMatch { Calls = new CallMatch { Services = ["review-bot"] } }, Sonnet),
        PolicyTesting.Allow("docs-bot", new PolicyMatch { Calls = new CallMatch { Services = ["docs-bot"] } }, "openai/gpt-5-mini"),
        PolicyTesting.Deny("no-contractors", new PolicyMatch { Calls = new CallMatch { Emails = ["*@agency.example"] } }, "Contractors use their own accounts."),
    ]);

    [Theory]
    [InlineData("interns", "local/llama-3", PolicyResult.Allowed, "interns-open-models")]
    [InlineData("interns", "openai/gpt-5", PolicyResult.NotAllowed, "interns-open-models")]
    [InlineData("ml-research", "openai/gpt-5", PolicyResult.Allowed, "ml-frontier")]
    [InlineData("ml-research", "openai/o9", PolicyResult.NotAllowed, "ml-frontier")]
    [InlineData("sales", "openai/gpt-5", PolicyResult.Allowed, null)]
    [InlineData("interns,ml-research", "openai/gpt-5", PolicyResult.Allowed, "ml-frontier")]
    public void Group_decides_on_models(string groups, string model, object result, string? rule) =>
        Assert.Equal(((PolicyResult)result, rule), Policies.Ask(PolicyTesting.Call(PolicyTesting.InGroups(groups.Split(',')), model)));

    [Theory]
    [InlineData("review-bot", Sonnet, PolicyResult.Allowed)]
    [InlineData("review-bot", "openai/gpt-5-mini", PolicyResult.NotAllowed)]
    [InlineData("docs-bot", "openai/gpt-5-mini", PolicyResult.Allowed)]
    [InlineData("docs-bot", Sonnet, PolicyResult.NotAllowed)]
    public void Bots_are_apart(string service, string model, object result) =>
        Assert.Equal(((PolicyResult)result, service), Policies.Ask(PolicyTesting.Call(new Principal { Service = service }, model)));

    [Fact]
    public void Deny_wins_over_what_allows()
    {
        var contractor = new Principal { Email = "eve@agency.example", Groups = ["ml-research"] };
        Assert.Equal((PolicyResult.Denied, "no-contractors"), Policies.Ask(PolicyTesting.Call(contractor, "openai/gpt-5")));
    }

    [Fact]
    public void Allowed_models_hold_no_call_whose_model_is_unknown()
    {
        Assert.Equal((PolicyResult.NotAllowed, "interns-open-models"), Policies.Ask(PolicyTesting.Call(PolicyTesting.InGroups("interns"), "local/", Dialect.Opaque)));
        Assert.Equal((PolicyResult.Allowed, null), Policies.Ask(PolicyTesting.Call(PolicyTesting.InGroups("sales"), "openai/", Dialect.Opaque)));
    }

    [Fact]
    public void Lists_show_what_may_be_used_alone()
    {
        string[] models = ["local/llama-3", "openai/gpt-5", "openai/o9"];
        string[] Listed(Principal caller) => [.. models.Where(model => Policies.CouldUse(PolicyTesting.Call(caller, model)))];

        Assert.Equal(["local/llama-3"], Listed(PolicyTesting.InGroups("interns")));
        Assert.Equal(["local/llama-3", "openai/gpt-5"], Listed(PolicyTesting.InGroups("ml-research")));
        Assert.Equal(models, Listed(PolicyTesting.InGroups("sales")));
        Assert.Empty(Listed(new Principal { Email = "eve@agency.example" }));
    }

    [Fact]
    public void Caller_sends_no_label_that_its_key_has()
    {
        var policies = new PolicySet([PolicyTesting.Deny("core", new PolicyMatch { Calls = new CallMatch { Metadata = new Dictionary<string, string> { ["team"] = "core" } } })]);
        var call = PolicyTesting.Call(new Principal { Metadata = new Dictionary<string, string> { ["team"] = "edge" } }, "openai/gpt-5");
        var lie = call with { Metadata = new Dictionary<string, string> { ["team"] = "core" } };

        Assert.Equal(PolicyResult.Allowed, policies.Decide(lie).Result);
        Assert.Equal(PolicyResult.Denied, policies.Decide(lie with { Principal = new Principal() }).Result);
    }

    [Fact]
    public void Required_output_is_the_smallest_and_given_to_calls_without_a_cap()
    {
        var policies = new PolicySet([PolicyTesting.Require("a", null, 500), PolicyTesting.Require("b", null, 100), PolicyTesting.Require("label", PolicyTesting.Group("staff"), null, "team")]);
        var call = PolicyTesting.Call(PolicyTesting.InGroups(), "openai/gpt-5");

        Assert.Equal("b", policies.Decide(call).Cap!.Name);
        Assert.Equal((PolicyResult.OutputTooLong, "b"), policies.Ask(call with { Request = call.Request with { MaxOutput = 101 } }));
        Assert.Equal((PolicyResult.Allowed, null), policies.Ask(call with { Request = call.Request with { MaxOutput = 100 } }));
        var staff = call with { Principal = PolicyTesting.InGroups("staff") };
        Assert.Equal("team", policies.Decide(staff).Label);
        Assert.False(policies.Decide(staff with { Metadata = new Dictionary<string, string> { ["team"] = "x" } }).IsRefused);
    }
}
