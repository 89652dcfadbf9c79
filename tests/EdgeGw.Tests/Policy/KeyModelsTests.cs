using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Identity.Tokens;
using EdgeGw.Metering;
using EdgeGw.Policy;

namespace EdgeGw.Tests.Policy;

/// <summary>The models that a virtual key is limited to, beside policies and without any.</summary>
public sealed class KeyModelsTests
{
    private static readonly Principal Limited = new() { KeyName = "bot", Models = ["local/*", "gpt-5*"] };

    [Theory]
    [InlineData("local/llama-3", true)]
    [InlineData("openai/gpt-5-mini", true)]
    [InlineData("azure/GPT-5", true)]
    [InlineData("openai/gpt-4o", false)]
    [InlineData("elsewhere/local", false)]
    [InlineData("local/", false)]
    public void Key_is_for_its_models_alone_where_there_are_no_policies(string model, bool allowed)
    {
        var policies = new PolicySet([]);
        var call = PolicyTesting.Call(Limited, model);
        Assert.Equal(allowed ? PolicyResult.Allowed : PolicyResult.NotForKey, policies.Decide(call).Result);
        Assert.Equal(allowed, policies.CouldUse(call));
        Assert.True(policies.Asks(Limited));
        Assert.False(policies.Asks(Principal.Anonymous));
    }

    [Fact]
    public void Call_whose_model_is_not_known_is_for_no_limited_key()
    {
        var call = PolicyTesting.Call(Limited, "local/", Dialect.Opaque);
        Assert.Equal(PolicyResult.NotForKey, new PolicySet([]).Decide(call).Result);
        Assert.Equal(PolicyResult.NotForKey, new PolicySet([]).Decide(call with { Model = null }).Result);
    }

    [Fact]
    public void Policy_widens_no_key_and_its_refusal_names_the_policy()
    {
        var policies = new PolicySet([PolicyTesting.Allow("all", null, "*"), PolicyTesting.Deny("no-llama", new PolicyMatch { Calls = new CallMatch { Models = ["llama-2"] } })]);
        Assert.Equal((PolicyResult.NotForKey, null), policies.Ask(PolicyTesting.Call(Limited, "openai/gpt-4o")));
        Assert.Equal((PolicyResult.Denied, "no-llama"), policies.Ask(PolicyTesting.Call(Limited, "local/llama-2")));
        Assert.Equal((PolicyResult.Allowed, "all"), policies.Ask(PolicyTesting.Call(Limited, "local/llama-3")));
    }

    [Fact]
    public void Routed_call_is_measured_where_it_goes()
    {
        var policies = new PolicySet([PolicyTesting.Route("local", null, "local/llama-3")]);
        Assert.Equal("local", policies.Decide(PolicyTesting.Call(Limited, "openai/gpt-4o")).Route?.Name);
        Assert.Equal(PolicyResult.NotForKey, policies.Decide(PolicyTesting.Call(Limited, "openai/gpt-4o"), isRouted: true).Result);
        Assert.Equal(PolicyResult.Allowed, policies.Decide(PolicyTesting.Call(Limited, "local/llama-3"), isRouted: true).Result);
    }

    [Fact]
    public void Token_beside_the_key_lifts_no_limit()
    {
        var both = PrincipalUnion.Of(Limited, new Principal { User = "ann" });
        Assert.Equal(PolicyResult.NotForKey, new PolicySet([]).Decide(PolicyTesting.Call(both, "openai/gpt-4o")).Result);
    }

    [Fact]
    public void Limited_key_takes_no_memory_per_call()
    {
        Assert.Equal(0, PolicyTesting.AllocatedBy(new PolicySet([]), PolicyTesting.Call(Limited, "openai/gpt-5")));
    }
}
