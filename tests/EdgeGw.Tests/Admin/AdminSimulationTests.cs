using EdgeGw.Admin;
using EdgeGw.Metering;

namespace EdgeGw.Tests.Admin;

public sealed class AdminSimulationTests
{
    private const string Path = "/admin/v1/simulate";
    private readonly AdminHarness _admin = new();

    [Fact]
    public async Task Call_is_read_and_the_answer_says_decision_rules_and_budgets()
    {
        var reply = await _admin.SendAsync("POST", Path, """
            {"key":"bot","user":"ann","email":"ann@x","service":"s","groups":["a","b"],"claims":{"role":"dev","site":["m","n"]},"metadata":{"team":"core"},
             "dialect":"messages","model":"anthropic/x","max_output":5,"prompt_bytes":7,"stream":true,"tools":true,"images":true,"time":"2025-11-21T08:00:00Z","source":"10.1.2.3"}
            """);

        Assert.Equal(200, reply.Status);
        Assert.Equal(("refused", "policy_denied", "the-rule", "0.0015"), (
            reply.Json.GetProperty("decision").GetString(), reply.Json.GetProperty("code").GetString(), reply.Json.GetProperty("policy").GetString(),
            reply.Json.GetProperty("hold_usd").GetString()));
        Assert.Equal("""[{"policy":"the-rule","effect":"deny","shadow":false,"matched":["groups"],"result":"refused"}]""", reply.Json.GetProperty("rules").GetRawText());
        Assert.Equal(("company", true), (reply.Json.GetProperty("budgets")[0].GetProperty("budget").GetString(), reply.Json.GetProperty("budgets")[0].GetProperty("fits").GetBoolean()));
        Assert.Empty(_admin.Audit);
        var call = _admin.Source.Simulated!;
        Assert.Equal(("bot", "ann", "ann@x", "s"), (call.Key, call.Caller.User, call.Caller.Email, call.Caller.Service));
        Assert.Equal(["a", "b"], call.Caller.Groups);
        Assert.Equal(["m", "n"], call.Caller.Claims["site"]);
        Assert.Equal("core", call.Metadata["team"]);
        Assert.Equal((Dialect.Messages, "anthropic/x", 5L, 7L, true, true, true), (call.Dialect, call.Model, call.MaxOutput, call.PromptBytes, call.Stream, call.Tools, call.Images));
        Assert.Equal(("2025-11-21 08:00", "10.1.2.3"), ($"{call.Time:yyyy-MM-dd HH:mm}", call.Source!.ToString()));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"model":"m","group":["a"]}""")]
    [InlineData("""{"model":"m","groups":"a"}""")]
    [InlineData("""{"model":"m","groups":[1]}""")]
    [InlineData("""{"model":"m","claims":{"a":[1]}}""")]
    [InlineData("""{"model":"m","dialect":"klingon"}""")]
    [InlineData("""{"model":"m","max_output":0}""")]
    [InlineData("""{"model":"m","stream":"yes"}""")]
    [InlineData("""{"model":"m","time":"noon"}""")]
    [InlineData("""{"model":"m","source":"here"}""")]
    [InlineData("""{"model":"m","model":"n"}""")]
    [InlineData("""{"model":"\ud800"}""")]
    public async Task Unreadable_call_is_400(string body)
    {
        var reply = await _admin.SendAsync("POST", Path, body);
        Assert.Equal((400, "invalid_simulation"), (reply.Status, reply.Json.GetProperty("error").GetProperty("code").GetString()));
        Assert.Null(_admin.Source.Simulated);
    }

    [Fact]
    public async Task Only_POST_with_the_token_is_answered()
    {
        Assert.Equal(405, (await _admin.GetAsync(Path)).Status);
        Assert.Equal(401, (await _admin.SendAsync("POST", Path, """{"model":"m"}""", authorization: "")).Status);
        _admin.Source.Refusal = new AdminError(404, "key_not_found", "no");
        Assert.Equal(404, (await _admin.SendAsync("POST", Path, """{"model":"m"}""")).Status);
    }
}
