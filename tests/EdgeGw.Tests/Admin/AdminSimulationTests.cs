using EdgeGw.Admin;
using EdgeGw.Configuration;
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

    [Theory]
    [InlineData("""{"last":100000}""", 100_000, null)]
    [InlineData("""{"config":{"providers": {}},"last":1}""", 1, """{"providers": {}}""")]
    public async Task Dry_run_is_read_and_answered_with_its_report(string body, int last, string? config)
    {
        var reply = await _admin.SendAsync("POST", Path, body);
        Assert.Equal((200, "{\"calls\":7}"), (reply.Status, reply.Text.TrimEnd()));
        Assert.Equal(new DryRunQuery(last, config), _admin.Source.DryRun);
        Assert.Empty(_admin.Audit);
    }

    [Theory]
    [InlineData("""{"last":0}""", "last: a whole number from 1 to 100000.")]
    [InlineData("""{"last":100001}""", "last: a whole number from 1 to 100000.")]
    [InlineData("""{"last":"5"}""", "last: a whole number from 1 to 100000.")]
    [InlineData("""{"last":1.5}""", "last: a whole number from 1 to 100000.")]
    [InlineData("""{"config":{}}""", "last: a whole number from 1 to 100000.")]
    [InlineData("""{"last":5,"config":"edgegw.json"}""", "config: a configuration, as a JSON object.")]
    [InlineData("""{"last":5,"config":null}""", "config: a configuration, as a JSON object.")]
    [InlineData("""{"last":5,"model":"m"}""", "last takes the calls as they were recorded: nothing but config goes with it.")]
    [InlineData("""{"last":5,"last":6}""", "A name is repeated.")]
    [InlineData("""{"last":5,""", "No valid JSON at line 1, byte 10.")]
    public async Task Unreadable_dry_run_is_400(string body, string message)
    {
        var reply = await _admin.SendAsync("POST", Path, body);
        Assert.Equal((400, "invalid_simulation", message), (reply.Status, reply.ErrorCode, reply.Json.GetProperty("error").GetProperty("message").GetString()));
        Assert.Null(_admin.Source.DryRun);
        Assert.Null(_admin.Source.Simulated);
    }

    [Fact]
    public async Task Faults_of_a_posted_configuration_are_told_with_their_paths()
    {
        _admin.Source.DryRunAnswer = new DryRunAnswer([new ConfigFault("config", 1, 2, "budgets[0].window", "unknown window", "month")], null);
        var reply = await _admin.SendAsync("POST", Path, """{"last":5,"config":{}}""");
        Assert.Equal((400, "config_invalid"), (reply.Status, reply.ErrorCode));
        Assert.Equal("""[{"file":"config","line":1,"column":2,"path":"budgets[0].window","message":"unknown window","suggestion":"month"}]""", reply.Json.GetProperty("faults").GetRawText());
        _admin.Source.Refusal = new AdminError(409, "dry_run_under_way", "no");
        Assert.Equal(409, (await _admin.SendAsync("POST", Path, """{"last":5}""")).Status);
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
