using EdgeGw.Identity;
using EdgeGw.Requests;
using EdgeGw.Tests.Hosting;

namespace EdgeGw.Tests.Requests;

public sealed class AuthorizeStepTests
{
    private const string Config = """
        {
          "providers": { "openai": { "api_key": "k" }, "local": { "kind": "openai", "base_url": "http://127.0.0.1:9/v1", "api_key": "k", "pricing": "free" },
                         "keyless": { "kind": "openai" } },
          "models": { "llama": "local/llama" },
          "policies": [
            { "name": "interns", "match": { "groups": ["interns"] }, "allow": { "models": ["local/*"] } },
            { "name": "away", "match": { "groups": ["away"], "provider": ["openai"] }, "route": "llama" },
            { "name": "away-again", "match": { "groups": ["away"], "provider": ["local"] }, "route": "openai/gpt-4o" },
            { "name": "short", "match": { "groups": ["short"] }, "require": { "max_output": 100 } },
            { "name": "not-yet", "match": { "groups": ["short"] }, "deny": true, "shadow": true },
            { "name": "no-secrets", "match": { "email": ["*@agency.example"] }, "deny": "Contractors use their own accounts." } ]
        }
        """;

    [Fact]
    public async Task Refusal_names_its_policy_in_message_record_and_metric()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        var (step, request) = await NewAsync(gateway, new Principal { Groups = ["interns"] });

        var refusal = step.Check(request)!;

        Assert.Equal((403, "policy_denied"), (refusal.Status, refusal.Code));
        Assert.Contains("Policy \"interns\" does not let you use openai/gpt-4o.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("interns", RecordFactory.Own(request, 403, Outcome.Refused, refusal.Code).Policy);
        Assert.Contains("edgegw_policy_decisions_total{policy=\"interns\",effect=\"allow\",result=\"refused\"} 1\n", gateway.Metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reason_of_a_deny_is_told()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        var (step, request) = await NewAsync(gateway, new Principal { Email = "eve@agency.example" });
        Assert.Equal("Contractors use their own accounts. (policy \"no-secrets\")", step.Check(request)!.Message);
    }

    [Fact]
    public async Task Route_moves_the_call_once_and_names_the_model_in_its_body()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        // The alias has the name of the model behind it: the body must be changed all the same.
        var (step, request) = await NewAsync(gateway, new Principal { Groups = ["away"] });

        Assert.Null(step.Check(request));

        Assert.Equal(("local", "llama"), (request.Target!.Value.Provider.Name, request.Target.Value.Model));
        Assert.Equal("away", request.Policy);
        Assert.Equal("""{"model":"llama","messages":[]}""", InspectedRequest.Sent(request));
        Assert.Contains("policy=\"away\",effect=\"route\",result=\"routed\"} 1\n", gateway.Metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_that_cannot_be_routed_is_refused()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config.Replace("\"route\": \"llama\"", "\"route\": \"keyless/llama\"", StringComparison.Ordinal));
        var (step, request) = await NewAsync(gateway, new Principal { Groups = ["away"] });
        Assert.Contains("sends this call to keyless/llama, which cannot take it", step.Check(request)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_without_a_cap_is_given_the_required_one_and_a_larger_one_is_refused()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        var caller = new Principal { Groups = ["short"] };
        var (step, request) = await NewAsync(gateway, caller);
        var (_, large) = await NewAsync(gateway, caller, """{"model":"openai/gpt-4o","max_tokens":101,"messages":[]}""");
        var (_, small) = await NewAsync(gateway, caller, """{"model":"openai/gpt-4o","max_tokens":100,"messages":[]}""");

        Assert.Null(step.Check(request));
        Assert.Equal(100, request.Facts.MaxOutput);
        Assert.Equal("""{"max_completion_tokens":100,"model":"gpt-4o","messages":[]}""", InspectedRequest.Sent(request));
        Assert.Equal("policy_requirement", step.Check(large)!.Code);
        Assert.Null(step.Check(small));
        Assert.Null(small.ClampEdits);
        Assert.Equal(["not-yet"], RecordFactory.Own(small, 200, Outcome.Completed, null).ShadowPolicies);
        Assert.Contains("policy=\"not-yet\",effect=\"deny\",result=\"would_refuse\"} 2\n", gateway.Metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cheaper_model_takes_the_cap_under_its_own_name_or_the_call_stays_where_it_was()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        var (step, request) = await NewAsync(gateway, new Principal { Groups = ["interns", "short"] }, """{"model":"local/big","messages":[]}""");
        Assert.Null(step.Check(request));
        var (first, edits) = (request.Target, request.ClampEdits);

        Assert.False(step.MayMove(request, Redirection.Find(request, "openai/gpt-4o")!.Value));
        Assert.Equal((first, 100L), (request.Target, request.Facts.MaxOutput));
        Assert.Same(edits, request.ClampEdits);
        Assert.True(step.MayMove(request, Redirection.Find(request, "llama")!.Value));
        Assert.Equal(("llama", 100L), (request.Target!.Value.Model, request.Facts.MaxOutput));
    }

    [Fact]
    public async Task Opaque_path_is_refused_where_models_are_listed()
    {
        await using var gateway = await ReloadFixture.StartAsync(Config);
        var (step, request) = await NewAsync(gateway, new Principal { Groups = ["interns"] }, "{}", "/local/v1/unknown/thing");
        Assert.Contains("does not let you use this path of local", step.Check(request)!.Message, StringComparison.Ordinal);
    }

    private static async Task<(AuthorizeStep Step, GatewayRequest Request)> NewAsync(
        ReloadFixture gateway, Principal caller, string body = """{"model":"openai/gpt-4o","messages":[]}""", string path = "/v1/chat/completions") =>
        (new AuthorizeStep(gateway.Services), await InspectedRequest.NewAsync(gateway, caller, body, path));
}
