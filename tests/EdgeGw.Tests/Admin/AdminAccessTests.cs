using EdgeGw.Admin;

namespace EdgeGw.Tests.Admin;

/// <summary>Who may do what: deny by default.</summary>
public sealed class AdminAccessTests
{
    private readonly AdminHarness _admin = new();

    public static TheoryData<string, string> Protected => new()
    {
        { "GET", "/admin/v1/usage" },
        { "GET", "/admin/v1/budgets" },
        { "GET", "/admin/v1/budgets/raises" },
        { "POST", "/admin/v1/budgets/raise" },
        { "GET", "/admin/v1/requests" },
        { "GET", "/admin/v1/keys" },
        { "GET", "/admin/v1/config" },
        { "POST", "/admin/v1/keys" },
        { "DELETE", "/admin/v1/keys/k0" },
        { "GET", "/admin" },
        { "GET", "/admin/v1/no-such-thing" },
        { "GET", "/admin/v2/usage" },
        { "TRACE", "/admin/v1/keys" },
    };

    [Theory]
    [MemberData(nameof(Protected))]
    public async Task Without_the_token_everything_under_admin_is_401_and_nothing_happens(string method, string path)
    {
        foreach (var authorization in (string[])["", "Bearer", "Bearer ", "Bearer wrong", "Basic " + AdminHarness.Token, AdminHarness.Token,
            "Bearer " + AdminHarness.Token + "x", "Bearer " + AdminHarness.Token[..^1], "Bearer " + new string('x', 100_000)])
        {
            var reply = await _admin.SendAsync(method, path, """{"name":"x"}""", authorization);
            Assert.Equal(401, reply.Status);
            Assert.StartsWith("token_", reply.ErrorCode);
            Assert.StartsWith("Bearer", reply.Response.Headers.WWWAuthenticate.ToString());
        }
        Assert.Empty(_admin.Source.Created);
        Assert.Empty(_admin.Source.Revoked);
        Assert.Empty(_admin.Audit);
    }

    [Fact]
    public async Task Two_authorization_headers_are_refused()
    {
        string[] both = ["Bearer " + AdminHarness.Token, "Bearer wrong"];
        Assert.Equal(401, (await _admin.SendAsync("GET", "/admin/v1/keys", headers: ("Authorization", both))).Status);
    }

    [Theory]
    [InlineData("bearer " + AdminHarness.Token)]
    [InlineData("Bearer  " + AdminHarness.Token + " ")]
    public async Task Scheme_is_case_insensitive_and_spaces_do_not_matter(string authorization) =>
        Assert.Equal(200, (await _admin.SendAsync("GET", "/admin/v1/keys", authorization: authorization)).Status);

    [Theory]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Origin", "http://127.0.0.1:9090", 200)]
    [InlineData("Origin", "http://127.0.0.1:9091", 403)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("Sec-Fetch-Site", "none", 200)]
    public async Task Right_token_from_another_origin_is_refused(string header, string value, int expected) =>
        Assert.Equal(expected, (await _admin.SendAsync("GET", "/admin/v1/keys", headers: (header, value))).Status);

    [Theory]
    [InlineData("POST", "/metrics", "GET, HEAD")]
    [InlineData("DELETE", "/healthz", "GET, HEAD")]
    [InlineData("PUT", "/admin/v1/usage", "GET, HEAD")]
    [InlineData("DELETE", "/admin/v1/keys", "GET, HEAD, POST")]
    [InlineData("GET", "/admin/v1/keys/k0", "DELETE")]
    public async Task Other_methods_are_405_and_say_what_is_allowed(string method, string path, string allowed)
    {
        var reply = await _admin.SendAsync(method, path);
        Assert.Equal((405, "method_not_allowed", allowed), (reply.Status, reply.ErrorCode, reply.Response.Headers.Allow.ToString()));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/metrics/")]
    [InlineData("/administrator")]
    [InlineData("/admin/v1/keys/")]
    public async Task Unknown_paths_are_404(string path)
    {
        var reply = await _admin.GetAsync(path);
        Assert.Equal((404, "not_found"), (reply.Status, reply.ErrorCode));
    }

    [Fact]
    public async Task Metrics_are_open_by_default_and_closed_on_request()
    {
        Assert.Equal(200, (await _admin.SendAsync("GET", "/metrics", authorization: "")).Status);
        var closed = new AdminHarness(new AdminOptions { ProtectMetrics = true });
        Assert.Equal(401, (await closed.SendAsync("GET", "/metrics", authorization: "")).Status);
        Assert.Equal(200, (await closed.GetAsync("/metrics")).Status);
    }

    [Fact]
    public async Task Foreign_host_is_refused_where_hosts_are_listed()
    {
        var strict = new AdminHarness(new AdminOptions { Hosts = ["localhost"] });
        Assert.Equal(421, (await strict.SendAsync("GET", "/metrics", authorization: "")).Status);
        Assert.Equal(200, (await strict.SendAsync("GET", "/metrics", authorization: "", headers: ("Host", "LOCALHOST:9090"))).Status);
    }

    [Fact]
    public async Task Refusals_are_counted()
    {
        await _admin.SendAsync("GET", "/admin/v1/keys", authorization: "Bearer wrong");
        await _admin.SendAsync("GET", "/admin/v1/keys", authorization: "");
        Assert.Equal(1, _admin.Metrics.AdminDenied.With("token_invalid").Value);
        Assert.Equal(1, _admin.Metrics.AdminDenied.With("token_missing").Value);
    }
}
