namespace EdgeGw.Tests.Admin;

public sealed class AdminErasureTests
{
    private readonly AdminHarness _admin = new();

    [Fact]
    public async Task Person_is_erased_and_the_audit_line_has_the_pseudonym_alone()
    {
        var reply = await Erase("""{"user":"ann","email":"ann@example.com"}""");
        Assert.Equal((200, """{"pseudonym":"erased:0123","rows":3,"scopes":2,"requests":1}""" + "\n"), (reply.Status, reply.Text));
        Assert.Equal(["ann", "ann@example.com"], _admin.Source.Erased);
        var line = Assert.Single(_admin.Audit);
        Assert.Contains("\"action\":\"person.erase\",\"target\":\"erased:0123\",\"result\":\"ok\"", line, StringComparison.Ordinal);
        Assert.DoesNotContain("ann", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"user":""}""")]
    [InlineData("""{"user":"ann","user":"ann"}""")]
    [InlineData("""{"user":7}""")]
    [InlineData("""{"name":"ann"}""")]
    [InlineData("""{"user":"\ud800"}""")]
    public async Task Malformed_wish_is_400_and_says_no_name(string body)
    {
        var reply = await Erase(body);
        Assert.Equal((400, "invalid_person"), (reply.Status, reply.ErrorCode));
        Assert.Null(_admin.Source.Erased);
        Assert.DoesNotContain("ann", Assert.Single(_admin.Audit), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_is_405() => Assert.Equal(405, (await _admin.GetAsync("/admin/v1/erase")).Status);

    private Task<AdminReply> Erase(string body) => _admin.SendAsync("POST", "/admin/v1/erase", body);
}
