namespace EdgeGw.Tests.Admin;

public sealed class AdminAuditTests
{
    private readonly AdminHarness _admin = new();

    [Fact]
    public async Task Lines_are_given_as_they_stand_newest_first()
    {
        await _admin.SendAsync("POST", "/admin/v1/keys", """{"name":"a"}""");
        await _admin.SendAsync("DELETE", "/admin/v1/keys/a");

        var reply = await _admin.GetAsync("/admin/v1/audit");
        Assert.Equal(200, reply.Status);
        Assert.Equal(_admin.Audit.Reverse(), reply.Json.GetProperty("lines").EnumerateArray().Select(static line => line.GetRawText()));
        Assert.False(reply.Json.GetProperty("truncated").GetBoolean());

        var newest = await _admin.GetAsync("/admin/v1/audit?limit=1");
        Assert.Equal("key.revoke", Assert.Single(newest.Json.GetProperty("lines").EnumerateArray()).GetProperty("action").GetString());
        Assert.True(newest.Json.GetProperty("truncated").GetBoolean());
    }

    [Theory]
    [InlineData("?action=key.create", 1)]
    [InlineData("?actor=token:*", 2)]
    [InlineData("?actor=user:*", 0)]
    [InlineData("?from=1h", 2)]
    [InlineData("?to=1h", 0)]
    public async Task Question_selects(string query, int count)
    {
        await _admin.SendAsync("POST", "/admin/v1/keys", """{"name":"a"}""");
        await _admin.SendAsync("DELETE", "/admin/v1/keys/a");
        Assert.Equal(count, (await _admin.GetAsync("/admin/v1/audit" + query)).Json.GetProperty("lines").GetArrayLength());
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=x")]
    [InlineData("?from=soon")]
    [InlineData("?to=soon")]
    public async Task Malformed_question_is_400(string query) =>
        Assert.Equal((400, "invalid_parameter"), ((await _admin.GetAsync("/admin/v1/audit" + query)) is var reply ? (reply.Status, reply.ErrorCode) : default));

    [Fact]
    public async Task Strangers_see_nothing() => Assert.Equal(401, (await _admin.SendAsync("GET", "/admin/v1/audit", authorization: "")).Status);
}
