using System.Net;
using System.Text;
using EdgeGw.Budgets;
using EdgeGw.Cli;
using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Pricing;

namespace EdgeGw.Tests.Cli;

public sealed class AdminClientTests
{
    private readonly FakeHandler _handler = new();

    [Fact]
    public async Task Key_is_created_with_everything_it_is_to_have()
    {
        _handler.Answer(HttpStatusCode.Created, """{"id":"k1","name":"ci","secret":"egw_x","hash":"ab","expires":"2026-12-01T00:00:00Z"}""");
        await using var client = Client();

        var created = await client.CreateKeyAsync(
            new KeyCreateOptions
            {
                Name = "ci",
                Service = "s",
                Groups = ["a"],
                Metadata = new Dictionary<string, string> { ["t"] = "p" },
                Expires = new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero),
            },
            CancellationToken.None);

        Assert.Equal(new CreatedKey("k1", "ci", "egw_x", "ab", new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero)), created.Value);
        Assert.Equal("POST http://127.0.0.1:9090/admin/v1/keys Bearer tok", _handler.Seen);
        Assert.Equal("""{"name":"ci","service":"s","groups":["a"],"metadata":{"t":"p"},"expires":"2026-12-01T00:00:00+00:00"}""", _handler.Body);
        Assert.DoesNotContain("egw_x", created.Value!.ToString());
    }

    [Fact]
    public async Task Keys_are_read_with_absent_and_null_fields()
    {
        _handler.Answer(HttpStatusCode.OK, """
            {"keys":[{"id":"1","name":"a","service":null,"groups":["g"],"metadata":{"t":"p"},"created":"2026-11-01T00:00:00Z","expires":null,"revoked":false},
                     {"id":"2","name":"b","revoked":"2026-11-02T00:00:00Z"}]}
            """);
        await using var client = Client();

        var keys = (await client.ListKeysAsync(CancellationToken.None)).Value!;

        Assert.Equal(("a", null, null, false), (keys[0].Name, keys[0].Service, keys[0].Expires, keys[0].Revoked));
        Assert.Equal("p", keys[0].Metadata["t"]);
        Assert.True(keys[1].Revoked);
        Assert.Empty(keys[1].Groups);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"ok":true}""")]
    [InlineData("""{"id":"k1","name":"a/b c"}""")]
    public async Task Revoking_escapes_the_name_and_takes_any_success(string answer)
    {
        _handler.Answer(HttpStatusCode.OK, answer);
        await using var client = Client();

        var revoked = await client.RevokeKeyAsync("a/b c", CancellationToken.None);

        Assert.Equal(("a/b c", true), (revoked.Value!.Name, revoked.Value.Revoked));
        Assert.Equal("DELETE http://127.0.0.1:9090/admin/v1/keys/a%2Fb%20c Bearer tok", _handler.Seen);
    }

    [Fact]
    public async Task Usage_is_read_to_the_last_nano_dollar()
    {
        _handler.Answer(HttpStatusCode.OK, """
            {"by":["user","model"],
             "rows":[{"user":"u","model":"m","requests":2,"usage":{"input":10,"cached_input":4,"output":5,"reasoning":1,"web_searches":3},"cost_usd":"0.000000001"},
                     {"user":null,"model":"n","requests":1,"usage":{},"cost_usd":"9200000000.123456789"}],
             "total":{"requests":3,"usage":{"input":10,"output":5},"cost_usd":"0.5"}}
            """);
        await using var client = Client();
        var from = new DateTimeOffset(2026, 11, 1, 1, 0, 0, TimeSpan.FromHours(1));

        var report = (await client.ReadUsageAsync(new UsageOptions(["user", "model"], from, null), CancellationToken.None)).Value!;

        Assert.Equal("GET http://127.0.0.1:9090/admin/v1/usage?by=user,model&from=2026-11-01T00:00:00Z Bearer tok", _handler.Seen);
        Assert.Equal(["u", "m"], report.Rows[0].Dimensions);
        Assert.Equal((2, new Usage { Input = 10, CachedInput = 4, Output = 5, Reasoning = 1, WebSearches = 3 }, new NanoUsd(1)),
            (report.Rows[0].Requests, report.Rows[0].Usage, report.Rows[0].Cost));
        Assert.Equal(["", "n"], report.Rows[1].Dimensions);
        Assert.Equal(new NanoUsd(9_200_000_000_123_456_789), report.Rows[1].Cost);
        Assert.Equal((3, new NanoUsd(500_000_000)), (report.Total.Requests, report.Total.Cost));
    }

    [Fact]
    public async Task Budgets_are_read_as_the_admin_api_writes_them()
    {
        BudgetStatus[] budgets =
        [
            new("company", "", new NanoUsd(7), new NanoUsd(1), new NanoUsd(2), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1)) { Action = AtLimit.Downgrade, IsRolling = true },
        ];
        _handler.Answer(HttpStatusCode.OK, AdminJson.Write(budgets, DateTimeOffset.UnixEpoch));
        await using var client = Client();

        Assert.Equal(budgets, (await client.ReadBudgetsAsync("a b", "c&d", CancellationToken.None)).Value!);
        Assert.Equal("GET http://127.0.0.1:9090/admin/v1/budgets?limit=10000&budget=a%20b&scope=c%26d Bearer tok", _handler.Seen);
    }

    [Fact]
    public async Task Refusal_carries_the_apis_own_reason()
    {
        _handler.Answer(HttpStatusCode.Conflict, """{"error":{"code":"key_exists","message":"a key is called ci"}}""");
        await using var client = Client();

        Assert.Equal(new ControlError("key_exists", "a key is called ci"),
            (await client.CreateKeyAsync(new KeyCreateOptions { Name = "ci" }, CancellationToken.None)).Error);
    }

    [Fact]
    public async Task Wrong_token_says_where_the_token_comes_from()
    {
        _handler.Answer(HttpStatusCode.Unauthorized, """{"error":{"code":"unauthorized","message":"wrong token"}}""");
        await using var client = Client();

        var error = (await client.ListKeysAsync(CancellationToken.None)).Error!;
        Assert.Equal("unauthorized", error.Code);
        Assert.Contains("EDGEGW_ADMIN_TOKEN", error.Message);
        Assert.DoesNotContain("tok)", error.Message);
    }

    [Theory]
    [InlineData(200, "<html>Prometheus</html>")]
    [InlineData(404, "404 page not found")]
    [InlineData(404, "{}")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"keys":[{"id":1}]}""")]
    [InlineData(200, """{"keys":5}""")]
    [InlineData(200, "[]")]
    [InlineData(200, "")]
    [InlineData(500, "")]
    public async Task Something_else_on_the_port_is_an_error_and_no_exception(int status, string body)
    {
        _handler.Answer((HttpStatusCode)status, body);
        await using var client = Client();

        Assert.Equal("not_a_gateway", (await client.ListKeysAsync(CancellationToken.None)).Error!.Code);
    }

    [Fact]
    public async Task Broken_connection_is_an_error_and_no_exception()
    {
        _handler.Fail(new HttpRequestException("reset"));
        await using var client = Client();

        Assert.Equal("unreachable", (await client.ListKeysAsync(CancellationToken.None)).Error!.Code);
    }

    [Theory]
    [InlineData("0.0.0.0:9", "http://127.0.0.1:9/")]
    [InlineData("[::]:9", "http://[::1]:9/")]
    [InlineData("10.1.2.3:9", "http://10.1.2.3:9/")]
    public void Wildcard_listener_is_called_over_loopback(string admin, string expected) =>
        Assert.Equal(expected, AdminClient.AddressOf(new ListenConfig { Admin = IPEndPoint.Parse(admin) }).ToString());

    private AdminClient Client() => new(new Uri("http://127.0.0.1:9090/"), "tok", _handler);

    private sealed class FakeHandler : HttpMessageHandler
    {
        private Func<HttpResponseMessage> _answer = () => throw new InvalidOperationException();

        public string? Seen { get; private set; }
        public string? Body { get; private set; }

        public void Answer(HttpStatusCode status, string body) =>
            _answer = () => new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

        public void Fail(Exception fault) => _answer = () => throw fault;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Seen = $"{request.Method} {request.RequestUri!.AbsoluteUri} {request.Headers.Authorization}";
            Body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
            return _answer();
        }
    }
}
