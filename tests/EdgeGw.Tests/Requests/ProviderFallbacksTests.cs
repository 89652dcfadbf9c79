using EdgeGw.Identity;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Tests.Hosting;

namespace EdgeGw.Tests.Requests;

/// <summary>A body may list models that OpenRouter falls back to: what holds for the model asked for holds for each of them.</summary>
public sealed class ProviderFallbacksTests
{
    private const string Config = """
        {
          "providers": { "openrouter": { "api_key": "k" }, "openai": { "api_key": "k" } },
          "models": { "house": "openrouter/house/model" },
          "pricing": { "overrides": [ { "model": "openrouter/cheap", "input": "1", "output": "2" }, { "model": "openrouter/dear", "input": "10", "output": "200" },
                                      { "model": "openrouter/house/model", "input": "1", "output": "1" }, { "model": "openai/cheap", "input": "1", "output": "2" } ] },
          "policies": [
            { "name": "no-dear", "match": { "groups": ["interns"], "model": ["dear"] }, "deny": true },
            { "name": "in-house", "match": { "groups": ["house"], "model": ["dear"] }, "route": "house" },
            { "name": "all-in-house", "match": { "groups": ["guests"], "provider": ["openrouter"] }, "route": "house" },
            { "name": "short", "match": { "groups": ["short"], "model": ["dear"] }, "require": { "max_output": 100 } },
            { "name": "shorter", "match": { "groups": ["short"], "model": ["dearest"] }, "require": { "max_output": 50 } } ]
        }
        """;

    [Theory]
    [InlineData("interns", "\"dear\", which the body lists")]
    [InlineData("house", "sends such calls to house")]
    public async Task Fallback_that_a_policy_has_something_against_refuses_the_call(string group, string said)
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        var (step, request) = await NewAsync(gateway, new Principal { Groups = [group] }, """{"model":"cheap","models":["cheap","dear"],"messages":[]}""");
        var refusal = step.Check(request)!;
        Assert.Equal((403, "policy_denied"), (refusal.Status, refusal.Code));
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
        var (_, allowed) = await NewAsync(gateway, new Principal { Groups = [group] }, """{"model":"cheap","models":["cheap", "other"],"messages":[]}""");
        Assert.Null(step.Check(allowed));
        Assert.Equal("""{"model":"cheap","models":["cheap", "other"],"messages":[]}""", InspectedRequest.Sent(allowed));
    }

    [Fact]
    public async Task Fallback_that_the_callers_key_is_not_for_refuses_the_call()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        var (step, request) = await NewAsync(
            gateway, new Principal { Models = ["openrouter/cheap"] }, """{"model":"cheap","models":["dear"],"messages":[]}""");
        Assert.Equal("model_not_allowed", step.Check(request)!.Code);
    }

    [Fact]
    public async Task Smallest_cap_that_a_fallback_requires_is_given_whatever_the_order()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        foreach (var models in (string[])["""["dear","dearest"]""", """["dearest","dear"]"""])
        {
            var (step, request) = await NewAsync(gateway, new Principal { Groups = ["short"] }, $$"""{"model":"cheap","models":{{models}},"messages":[]}""");
            Assert.Null(step.Check(request));
            Assert.Equal(50, request.Facts.MaxOutput);
        }
        var (other, large) = await NewAsync(gateway, new Principal { Groups = ["short"] }, """{"model":"cheap","models":["dear"],"max_tokens":101,"messages":[]}""");
        Assert.Equal("policy_requirement", other.Check(large)!.Code);
    }

    [Fact]
    public async Task Call_that_is_sent_elsewhere_falls_back_to_nothing_else()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        var (step, request) = await NewAsync(gateway, new Principal { Groups = ["guests"] }, """{"model":"cheap","models":["dear", "cheap"],"messages":[]}""");
        Assert.Null(step.Check(request));
        Assert.Equal("""{"model":"house/model","models":["house/model"],"messages":[]}""", InspectedRequest.Sent(request));
        Assert.Empty(request.Fallbacks);

        var (_, downgraded) = await NewAsync(gateway, new Principal(), """{"models":["dear"],"model":"cheap","messages":[]}""");
        Assert.True(step.MayMove(downgraded, Redirection.Find(downgraded, "house")!.Value));
        Assert.Empty(downgraded.Fallbacks);
        Assert.Equal("""{"models":["house/model"],"model":"house/model","messages":[]}""", InspectedRequest.Sent(downgraded));
    }

    [Fact]
    public async Task Call_is_bounded_by_the_dearest_model_that_may_answer()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        const string Body = """{"model":"cheap","models":["dear"],"max_tokens":1000,"messages":[]}""";
        var (_, dear) = await NewAsync(gateway, new Principal(), Body.Replace("cheap", "dear", StringComparison.Ordinal).Replace("[\"dear\"]", "[\"cheap\"]", StringComparison.Ordinal));
        var (_, both) = await NewAsync(gateway, new Principal(), Body);
        Assert.Equal(Bound(gateway, dear), Bound(gateway, both));
        Assert.True(Bound(gateway, both)!.Value.Value >= 200_000_000);
    }

    [Fact]
    public async Task Output_that_a_hold_pays_is_what_it_pays_of_the_dearest_model()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        foreach (var body in (string[])["""{"model":"cheap","models":["dear"],"messages":[]}""", """{"model":"dear","models":["cheap"],"messages":[]}"""])
        {
            var (_, request) = await NewAsync(gateway, new Principal(), body);
            var bound = Bound(gateway, request)!.Value;
            // So many that the dear model would cost just that, with the slack of rounding.
            var tokens = CallBound.OutputWithin(request, bound)!.Value;
            request.Facts = request.Facts with { MaxOutput = tokens };
            Assert.InRange(CallBound.Upper(request)!.Value.Value, bound.Value - 200_000, bound.Value);
        }
    }

    [Fact]
    public async Task Fallback_without_a_price_leaves_the_call_without_a_bound_and_is_named()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        var (_, request) = await NewAsync(gateway, new Principal(), """{"model":"cheap","models":["dear","nobody/knows"],"max_tokens":10,"messages":[]}""");
        Assert.Null(Bound(gateway, request));
        Assert.Equal("nobody/knows", CallBound.FindUnpriced(request));
    }

    [Fact]
    public async Task Other_providers_do_not_take_them_and_get_the_body_as_it_is()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        const string Body = """{"model":"cheap","models":{"any":"thing"},"messages":[]}""";
        var (step, request) = await NewAsync(gateway, new Principal { Groups = ["interns"] }, Body, "/openai/v1/chat/completions");
        Assert.Null(step.Check(request));
        Assert.Equal(Body, InspectedRequest.Sent(request));
    }

    [Fact]
    public async Task Models_that_cannot_be_checked_are_refused()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        var request = await InspectedRequest.NewAsync(gateway, new Principal(), """{"model":"cheap","models":"dear","messages":[]}""", "/openrouter/v1/chat/completions");
        Assert.Equal((400, "invalid_request"), (ProviderFallbacks.Take(request)!.Status, ProviderFallbacks.Take(request)!.Code));
    }

    private static NanoUsd? Bound(ReloadFixture gateway, GatewayRequest request)
    {
        var settlement = new Settlement(gateway.Services);
        settlement.FindPrices(request);
        return settlement.UpperBound(request);
    }

    private static async Task<(AuthorizeStep Step, GatewayRequest Request)> NewAsync(
        ReloadFixture gateway, Principal caller, string body, string path = "/openrouter/v1/chat/completions")
    {
        var request = await InspectedRequest.NewAsync(gateway, caller, body, path);
        Assert.Null(ProviderFallbacks.Take(request));
        return (new AuthorizeStep(gateway.Services), request);
    }
}
