using EdgeGw.Admin;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Telemetry;

namespace EdgeGw.Tests.Admin;

public sealed class AdminReadTests
{
    private readonly AdminHarness _admin = new();

    [Fact]
    public async Task Usage_has_rows_by_dimension_and_a_total()
    {
        Add("ann", "m1", 1_000_000, FakeAdminSource.Now.AddHours(-1));
        Add("ann", "m1", 2_000_000, FakeAdminSource.Now.AddHours(-2));
        Add("bob", "m2", 5_000_000, FakeAdminSource.Now.AddHours(-1));
        Add("bob", "m2", 7_000_000, FakeAdminSource.Now.AddDays(-40));
        var reply = await _admin.GetAsync("/admin/v1/usage?by=user,model&from=2025-11-01&to=2025-11-21T08:00:00Z");

        Assert.Equal(200, reply.Status);
        Assert.Equal("""
            {"by":["user","model"],"from":"2025-11-01T00:00:00.0000000Z","to":"2025-11-21T08:00:00.0000000Z",
            "rows":[{"user":"bob","model":"m2","requests":1,"usage":{"input":10,"output":2},"cost_usd":"0.005"},
            {"user":"ann","model":"m1","requests":2,"usage":{"input":20,"output":4},"cost_usd":"0.003"}],
            "total":{"requests":3,"usage":{"input":30,"output":6},"cost_usd":"0.008"},"truncated":false}
            """.ReplaceLineEndings("") + "\n", reply.Text);
    }

    [Fact]
    public async Task Usage_of_the_current_hour_is_in_the_default_period()
    {
        Add("ann", "m1", 1, FakeAdminSource.Now);
        // The rollup counts by whole hours, and now is the start of one.
        Assert.Equal(0, (await _admin.GetAsync("/admin/v1/usage?to=2025-11-21T08:00:00Z")).Json.GetProperty("total").GetProperty("requests").GetInt32());
        Assert.Equal(1, (await _admin.GetAsync("/admin/v1/usage")).Json.GetProperty("total").GetProperty("requests").GetInt32());
    }

    [Theory]
    [InlineData("by=colour")]
    [InlineData("by=user,user")]
    [InlineData("by=user,email,group,service,key,provider,model,route,dialect")]
    [InlineData("by=metadata.")]
    [InlineData("from=yesterday")]
    [InlineData("to=2025-13-01")]
    [InlineData("from=2025-11-02&to=2025-11-01")]
    [InlineData("limit=0")]
    [InlineData("limit=10001")]
    [InlineData("limit=-1")]
    [InlineData("limit=x")]
    public async Task Bad_usage_query_is_400(string query)
    {
        var reply = await _admin.GetAsync("/admin/v1/usage?" + query);
        Assert.Equal((400, "invalid_parameter"), (reply.Status, reply.ErrorCode));
    }

    [Fact]
    public async Task Budgets_are_exact_decimals()
    {
        var reply = await _admin.GetAsync("/admin/v1/budgets");
        Assert.Equal("""
            {"budgets":[{"budget":"company","scope":"","at_limit":"block","limit_usd":"20000","spent_usd":"1.5","held_usd":"0.5","remaining_usd":"19998",
            "forecast_usd":"4.5","exhausted_at":null,"rolling":false,"window_start":"2025-11-11T08:00:00.0000000Z","window_end":"2025-12-11T08:00:00.0000000Z"},
            {"budget":"person","scope":"user=ann","at_limit":"block","limit_usd":"0.000000001","spent_usd":"0.000000005","held_usd":"0","remaining_usd":"0",
            "forecast_usd":"0.000000005","exhausted_at":"2025-11-21T08:00:00.0000000Z","rolling":false,"window_start":"2025-11-21T08:00:00.0000000Z","window_end":"2025-11-22T08:00:00.0000000Z"}],"truncated":false}
            """.ReplaceLineEndings("") + "\n", reply.Text);
        Assert.Equal(1, (await _admin.GetAsync("/admin/v1/budgets?budget=person")).Json.GetProperty("budgets").GetArrayLength());
        Assert.Equal(0, (await _admin.GetAsync("/admin/v1/budgets?budget=person&scope=bob")).Json.GetProperty("budgets").GetArrayLength());
    }

    [Fact]
    public async Task Requests_are_filtered_and_limited()
    {
        for (var i = 0; i < 5; i++)
        {
            _admin.Source.Requests.Add(Record("ann", "m" + i, 1, FakeAdminSource.Now) with { Outcome = i == 0 ? Outcome.Refused : Outcome.Completed });
        }
        var newest = (await _admin.GetAsync("/admin/v1/requests?limit=2")).Json.GetProperty("requests");
        Assert.Equal(["m4", "m3"], newest.EnumerateArray().Select(static record => record.GetProperty("model").GetString()));
        var refused = (await _admin.GetAsync("/admin/v1/requests?outcome=refused")).Json.GetProperty("requests");
        Assert.Equal("m0", Assert.Single(refused.EnumerateArray()).GetProperty("model").GetString());
        Assert.Equal(5, (await _admin.GetAsync("/admin/v1/requests?key=ci-bot")).Json.GetProperty("requests").GetArrayLength());
        Assert.Equal(0, (await _admin.GetAsync("/admin/v1/requests?key=else")).Json.GetProperty("requests").GetArrayLength());
        Assert.Equal(400, (await _admin.GetAsync("/admin/v1/requests?outcome=odd")).Status);
    }

    [Fact]
    public async Task Keys_are_listed_without_secrets_and_bounded()
    {
        var reply = await _admin.GetAsync("/admin/v1/keys?limit=2");
        Assert.Equal(2, reply.Json.GetProperty("keys").GetArrayLength());
        Assert.True(reply.Json.GetProperty("truncated").GetBoolean());
        Assert.Equal(
            ["id", "name", "user", "email", "service", "groups", "models", "metadata", "created", "rotated", "old_secret_until", "last_used", "expires", "revoked", "source"],
            reply.Json.GetProperty("keys")[0].EnumerateObject().Select(static field => field.Name));
    }

    [Fact]
    public async Task Config_is_what_the_source_writes() =>
        Assert.Equal("{\"data_dir\":\"/x\"}\n", (await _admin.GetAsync("/admin/v1/config")).Text);

    [Fact]
    public async Task Probes_need_no_token_and_tell_why()
    {
        Assert.Equal("{\"status\":\"ok\"}\n", (await _admin.SendAsync("GET", "/healthz", authorization: "")).Text);
        Assert.Equal((200, "{\"ready\":true,\"reasons\":[]}\n"), await Ready());
        _admin.Source.Ready = new Readiness(false, ["journal_faulted", "draining"]);
        Assert.Equal((503, "{\"ready\":false,\"reasons\":[\"journal_faulted\",\"draining\"]}\n"), await Ready());
        Assert.Equal(200, (await _admin.SendAsync("GET", "/healthz", authorization: "")).Status);

        async Task<(int, string)> Ready()
        {
            var reply = await _admin.SendAsync("GET", "/readyz", authorization: "");
            return (reply.Status, reply.Text);
        }
    }

    [Fact]
    public async Task Metrics_follow_the_accept_header()
    {
        var text = await _admin.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", text.Response.ContentType);
        var open = await _admin.SendAsync("GET", "/metrics", headers: ("Accept", "application/openmetrics-text"));
        Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8", open.Response.ContentType);
        Assert.EndsWith("# EOF\n", open.Text);
    }

    [Fact]
    public async Task Head_has_the_length_and_no_body()
    {
        var reply = await _admin.SendAsync("HEAD", "/healthz");
        Assert.Equal((200, "", 16L), (reply.Status, reply.Text, reply.Response.ContentLength));
    }

    [Fact]
    public async Task Answers_are_not_cached_and_not_sniffed()
    {
        var headers = (await _admin.GetAsync("/admin/v1/keys")).Response.Headers;
        Assert.Equal(("no-store", "nosniff"), (headers.CacheControl.ToString(), headers.XContentTypeOptions.ToString()));
    }

    private void Add(string user, string model, long cost, DateTimeOffset time) => _admin.Source.Usage.Add(Record(user, model, cost, time));

    private static UsageRecord Record(string user, string model, long cost, DateTimeOffset time) => new()
    {
        Id = Guid.NewGuid(),
        Time = time,
        Principal = new Principal { User = user, KeyName = "ci-bot" },
        Model = model,
        Status = 200,
        Usage = new Usage { Input = 10, Output = 2 },
        Cost = new NanoUsd(cost),
    };
}
