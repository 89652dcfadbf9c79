using System.Text.Json;
using EdgeGw.Audit;
using EdgeGw.Identity;
using EdgeGw.Tests.Hosting;

namespace EdgeGw.Tests.Audit;

/// <summary>What a gateway's parts write into the log without being asked.</summary>
public sealed class AuditedChangesTests
{
    private const string Before = """
        { "providers": { "openai": { "api_key": "sk-first-secret" } }, "models": { "fast": "openai/gpt-4o-mini" },
          "budgets": [ { "name": "all", "amount_usd": 10, "window": "day" } ] }
        """;

    [Fact]
    public async Task Reload_names_what_changed_and_no_value()
    {
        await using var gateway = await ReloadFixture.StartAsync(Before);
        await gateway.ReloadAsync("""
            { "providers": { "openai": { "api_key": "sk-second-secret" } }, "models": { "slow": "openai/gpt-5" },
              "budgets": [ { "name": "all", "amount_usd": 11, "window": "day" } ] }
            """);

        var line = Assert.Single(gateway.Store.Audit.Query(new AuditQuery()));
        using var json = JsonDocument.Parse(line);
        Assert.Equal("config.change", json.RootElement.GetProperty("action").GetString());
        Assert.Equal("""{"removed":["models.fast"],"changed":["providers.openai","budgets.all"]}""", json.RootElement.GetProperty("before").GetRawText());
        Assert.Equal(
            """{"added":["models.slow"],"changed":["providers.openai","budgets.all"],"restart_needed":[]}""", json.RootElement.GetProperty("after").GetRawText());
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_that_is_refused_is_a_line_and_one_that_changes_nothing_is_none()
    {
        await using var gateway = await ReloadFixture.StartAsync(Before);
        await gateway.ReloadAsync(Before);
        Assert.Empty(gateway.Store.Audit.Query(new AuditQuery()));
        await gateway.ReloadAsync("{");
        Assert.Contains("\"result\":\"config_invalid\"", Assert.Single(gateway.Store.Audit.Query(new AuditQuery())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ann", null, null, null, "user:ann")]
    [InlineData(null, "ann@x.example", null, null, "user:ann@x.example")]
    [InlineData("ann", null, "bot", null, "service:bot for user:ann")]
    [InlineData(null, null, "bot", "ci", "service:bot")]
    [InlineData(null, null, null, "ci", "key:ci")]
    [InlineData(null, null, null, null, "unknown")]
    public void Actor_is_who_calls(string? user, string? email, string? service, string? key, string actor) =>
        Assert.Equal(actor, AuditActor.Of(new Principal { User = user, Email = email, Service = service, KeyName = key }));
}
