using System.Text.Json;
using EdgeGw.Admin;

namespace EdgeGw.Tests.Admin;

public sealed class AdminKeysTests
{
    private readonly AdminHarness _admin = new();

    [Fact]
    public async Task Create_gives_the_secret_once_and_leaves_an_audit_line_without_it()
    {
        var reply = await Create("""
            {"name":"ci-bot","user":"ann","email":"ann@example.com","models":["local/*"],"service":"ci","groups":["automation","/team/x"],"metadata":{"team":"platform"},"expires":"90d"}
            """);

        Assert.Equal(201, reply.Status);
        Assert.Equal("""
            {"id":"k_new","name":"ci-bot","user":"ann","email":"ann@example.com","service":"ci","groups":["automation","/team/x"],"models":["local/*"],"metadata":{"team":"platform"},
            "created":"2025-11-21T08:00:00.0000000Z","rotated":null,"old_secret_until":null,"last_used":null,"expires":"2026-02-19T08:00:00.0000000Z","revoked":null,"source":"store",
            "secret":"egw_the-secret","hash":"the-hash"}
            """.ReplaceLineEndings("") + "\n", reply.Text);
        using var line = JsonDocument.Parse(Assert.Single(_admin.Audit));
        Assert.Equal(("key.create", "k_new", "ok"), Audited(line));
        Assert.StartsWith("token:", line.RootElement.GetProperty("actor").GetString());
        Assert.DoesNotContain("egw_", _admin.Audit[0]);
        Assert.DoesNotContain(AdminHarness.Token, _admin.Audit[0]);
    }

    [Theory]
    [InlineData(null, 24)]
    [InlineData("{}", 24)]
    [InlineData("""{"overlap":"2h"}""", 2)]
    [InlineData("""{"overlap":"0s"}""", 0)]
    public async Task Rotation_gives_a_new_secret_once_and_leaves_an_audit_line_without_it(string? body, int hours)
    {
        var reply = await _admin.SendAsync("POST", "/admin/v1/keys/bot/rotate", body);

        Assert.Equal(200, reply.Status);
        Assert.Equal(("bot", TimeSpan.FromHours(hours)), Assert.Single(_admin.Source.Rotated));
        Assert.Contains("\"secret\":\"egw_the-new-secret\"", reply.Text);
        using var line = JsonDocument.Parse(Assert.Single(_admin.Audit));
        Assert.Equal(("key.rotate", "k0", "ok"), Audited(line));
        Assert.DoesNotContain("egw_", _admin.Audit[0]);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"overlap":24}""")]
    [InlineData("""{"overlap":"91d"}""")]
    [InlineData("""{"overlap":"1h","overlap":"2h"}""")]
    [InlineData("""{"overlaps":"1h"}""")]
    public async Task Malformed_rotation_is_400_and_rotates_nothing(string body)
    {
        Assert.Equal(400, (await _admin.SendAsync("POST", "/admin/v1/keys/bot/rotate", body)).Status);
        Assert.Empty(_admin.Source.Rotated);
    }

    [Fact]
    public async Task Name_is_all_that_is_needed()
    {
        Assert.Equal(201, (await Create("""{"name":"x"}""")).Status);
        var wish = Assert.Single(_admin.Source.Created);
        Assert.Equal(("x", null, 0, 0, null), (wish.Name, wish.Service, wish.Groups.Count, wish.Metadata.Count, wish.Expires));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"name":"  "}""")]
    [InlineData("""{"name":7}""")]
    [InlineData("""{"name":"a/b"}""")]
    [InlineData("""{"name":"a\nb"}""")]
    [InlineData("""{"name":"\ud800"}""")]
    [InlineData("""{"name":"a","name":"b"}""")]
    [InlineData("""{"name":"a","expire":"90d"}""")]
    [InlineData("""{"name":"a","expires":"soon"}""")]
    [InlineData("""{"name":"a","expires":"2020-01-01"}""")]
    [InlineData("""{"name":"a","expires":"0d"}""")]
    [InlineData("""{"name":"a","expires":90}""")]
    [InlineData("""{"name":"a","groups":"dev"}""")]
    [InlineData("""{"name":"a","models":[]}""")]
    [InlineData("""{"name":"a","models":"openai/*"}""")]
    [InlineData("""{"name":"a","user":""}""")]
    [InlineData("""{"name":"a","email":7}""")]
    [InlineData("""{"name":"a","groups":[1]}""")]
    [InlineData("""{"name":"a","metadata":{"team":{"deep":1}}}""")]
    [InlineData("""{"name":"a","metadata":{"team":"x","team":"y"}}""")]
    [InlineData("""{"name":[[[[[[[[[[[[]]]]]]]]]]]]}""")]
    public async Task Malformed_wish_is_400_audited_and_makes_nothing(string body)
    {
        var reply = await Create(body);
        Assert.Equal((400, "invalid_key"), (reply.Status, reply.ErrorCode));
        Assert.Empty(_admin.Source.Created);
        using var line = JsonDocument.Parse(Assert.Single(_admin.Audit));
        Assert.Equal("invalid_key", line.RootElement.GetProperty("result").GetString());
    }

    [Fact]
    public async Task Name_too_long_is_400() => Assert.Equal(400, (await Create($$"""{"name":"{{new string('x', 129)}}"}""")).Status);

    [Fact]
    public async Task Endless_body_is_413() => Assert.Equal(413, (await Create("\"" + new string('x', 100_000))).Status);

    [Fact]
    public async Task Form_post_is_415() =>
        Assert.Equal(415, (await _admin.SendAsync("POST", "/admin/v1/keys", "name=x", headers: ("Content-Type", "application/x-www-form-urlencoded"))).Status);

    [Fact]
    public async Task Refusal_of_the_source_is_passed_on_and_audited()
    {
        _admin.Source.Refusal = new AdminError(409, "key_exists", "There is one of that name.");
        var reply = await Create("""{"name":"x"}""");
        Assert.Equal((409, "key_exists"), (reply.Status, reply.ErrorCode));
        using var line = JsonDocument.Parse(Assert.Single(_admin.Audit));
        Assert.Equal(("key.create", "x", "key_exists"), Audited(line));
    }

    [Fact]
    public async Task Revoke_takes_id_or_name_and_is_audited()
    {
        var reply = await _admin.SendAsync("DELETE", "/admin/v1/keys/ci-bot");
        Assert.Equal(200, reply.Status);
        Assert.Equal("2025-11-21T08:00:00.0000000Z", reply.Json.GetProperty("revoked").GetString());
        Assert.Equal(["ci-bot"], _admin.Source.Revoked);
        using var line = JsonDocument.Parse(Assert.Single(_admin.Audit));
        Assert.Equal(("key.revoke", "k0", "ok"), Audited(line));
    }

    [Fact]
    public void Created_key_does_not_print_its_secret()
    {
        var key = new CreatedKey(_admin.Source.Keys().First(), "egw_secret", "hash");
        Assert.DoesNotContain("egw_secret", $"{key} {new AdminResult<CreatedKey>(key, null)}");
    }

    private Task<AdminReply> Create(string body) => _admin.SendAsync("POST", "/admin/v1/keys", body);

    private static (string?, string?, string?) Audited(JsonDocument line) => (
        line.RootElement.GetProperty("action").GetString(),
        line.RootElement.GetProperty("target").GetString(),
        line.RootElement.GetProperty("result").GetString());
}
