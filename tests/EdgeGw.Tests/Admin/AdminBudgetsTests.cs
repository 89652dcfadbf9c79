using System.Text.Json;
using EdgeGw.Admin;
using EdgeGw.Pricing;

namespace EdgeGw.Tests.Admin;

public sealed class AdminBudgetsTests
{
    private const string Path = "/admin/v1/budgets/raise";
    private readonly AdminHarness _admin = new();

    [Fact]
    public async Task Raise_is_made_answered_and_audited_with_its_reason()
    {
        var reply = await _admin.SendAsync("POST", Path, """{"budget":"person","scope":"ann","amount_usd":"50.25","until":"2h","reason":"launch day"}""");

        Assert.Equal(200, reply.Status);
        Assert.Equal("""{"budget":"person","scope":"ann","amount_usd":"50.25","until":"2025-11-21T10:00:00.0000000Z","reason":"launch day"}""" + "\n", reply.Text);
        Assert.Equal(NanoUsd.FromDollars(50.25m), Assert.Single(_admin.Source.Raised).Amount);
        using var line = JsonDocument.Parse(Assert.Single(_admin.Audit));
        Assert.Equal("budget.raise", line.RootElement.GetProperty("action").GetString());
        Assert.Equal("person/ann", line.RootElement.GetProperty("target").GetString());
        Assert.Equal(reply.Text.TrimEnd(), line.RootElement.GetProperty("after").GetRawText());
        Assert.False(line.RootElement.TryGetProperty("before", out _));
        Assert.Equal(1, (await _admin.GetAsync("/admin/v1/budgets/raises")).Json.GetProperty("raises").GetArrayLength());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"budget":"p","amount_usd":"1","until":"2h"}""")]
    [InlineData("""{"budget":"p","amount_usd":"1","reason":"r"}""")]
    [InlineData("""{"budget":"p","amount_usd":"-1","until":"2h","reason":"r"}""")]
    [InlineData("""{"budget":"p","amount_usd":"1e3","until":"2h","reason":"r"}""")]
    [InlineData("""{"budget":"p","amount_usd":"9000000000","until":"2h","reason":"r"}""")]
    [InlineData("""{"budget":"p","amount_usd":true,"until":"2h","reason":"r"}""")]
    [InlineData("""{"budget":"p","amount_usd":"1","until":"2020-01-01","reason":"r"}""")]
    [InlineData("""{"budget":"p","amount_usd":"1","until":"2h","reason":""}""")]
    [InlineData("""{"budget":"p","amount_usd":"1","until":"2h","reason":"r","scop":"ann"}""")]
    [InlineData("""{"budget":"p","budget":"q","amount_usd":"1","until":"2h","reason":"r"}""")]
    [InlineData("""{"budget":"\ud800","amount_usd":"1","until":"2h","reason":"r"}""")]
    public async Task Malformed_raise_is_400_audited_and_raises_nothing(string body)
    {
        var reply = await _admin.SendAsync("POST", Path, body);
        Assert.Equal((400, "invalid_raise"), (reply.Status, reply.ErrorCode));
        Assert.Empty(_admin.Source.Raised);
        Assert.Contains("invalid_raise", Assert.Single(_admin.Audit), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raise_of_an_unknown_budget_is_refused_as_the_gateway_says()
    {
        _admin.Source.Refusal = new AdminError(404, "budget_not_found", "There is no budget of that name.");
        var reply = await _admin.SendAsync("POST", Path, """{"budget":"p","amount_usd":"1","until":"2h","reason":"r"}""");
        Assert.Equal((404, "budget_not_found"), (reply.Status, reply.ErrorCode));
    }

    [Fact]
    public async Task Raise_by_get_is_405() => Assert.Equal(405, (await _admin.GetAsync(Path)).Status);
}
