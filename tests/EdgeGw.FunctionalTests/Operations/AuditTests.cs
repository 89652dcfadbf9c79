using System.Net;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Operations;

/// <summary>The audit log as operators meet it.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task Changes_and_refusals_are_in_the_log_also_after_a_kill_and_a_changed_byte_is_found()
    {
        await using var provider = await FakeProvider.StartAsync();
        var config = GatewayConfig.For(provider);
        config["budgets"] = new JsonArray(GatewayConfig.Budget("tiny", 0.000001m));
        config["policies"] = JsonNode.Parse("""[{ "name": "closed", "match": { "dialects": ["messages"] }, "deny": true }]""");
        await using var gateway = await EdgeGwProcess.StartAsync(config);

        var key = await gateway.AdminApi.CreateKeyAsync("bot");
        // Written before it is answered: a kill right after loses nothing of it.
        await gateway.KillAsync();
        await gateway.LaunchAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Messages, new FakeScript()) { Key = key })).Status);
            Assert.Equal(HttpStatusCode.TooManyRequests, (await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()))).Status);
        }
        await Eventually.TrueAsync(async () => await CountAsync(gateway, "policy.deny") == 3 && await CountAsync(gateway, "budget.block") == 3, "the refusals to be written");
        var denied = (await gateway.AdminApi.JsonAsync("/admin/v1/audit?action=policy.deny")).GetProperty("lines")[0];
        Assert.Equal(("key:bot", "closed"), (denied.GetProperty("actor").GetString(), denied.GetProperty("target").GetString()));

        var (code, running) = await VerifyAsync(gateway);
        Assert.True(code == 0, running);
        await gateway.StopAsync();
        var revoked = await EdgeGwCommand.RunAsync(["keys", "revoke", "bot", "--config", gateway.ConfigFile]);
        Assert.True(revoked.ExitCode == 0, revoked.All);
        var listed = await EdgeGwCommand.RunAsync(["audit", "list", "--action", "key.*", "--data-dir", gateway.DataDirectory]);
        var lines = listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal(["key.create", "key.revoke"], lines.Select(line => (string)line["action"]!));
        Assert.StartsWith("token:", (string)lines[0]["actor"]!, StringComparison.Ordinal);
        Assert.StartsWith("local:", (string)lines[1]["actor"]!, StringComparison.Ordinal);
        Assert.DoesNotContain(key, listed.Output, StringComparison.Ordinal);

        (code, var stopped) = await VerifyAsync(gateway);
        Assert.True(code == 0 && stopped.Contains("; intact; last hash ", StringComparison.Ordinal), stopped);
        var segment = Directory.GetFiles(Path.Combine(gateway.DataDirectory, "audit"), "*.jsonl").Single();
        var content = await File.ReadAllBytesAsync(segment);
        content[100] ^= 1;
        await File.WriteAllBytesAsync(segment, content);
        (code, var damaged) = await VerifyAsync(gateway);
        Assert.True(code == 1 && damaged.Contains("damage: line 1 was changed", StringComparison.Ordinal), damaged);
    }

    [Fact]
    public async Task Erased_person_is_a_pseudonym_with_the_same_sum_also_after_a_kill()
    {
        await using var provider = await FakeProvider.StartAsync();
        var config = GatewayConfig.For(provider);
        config["budgets"] = new JsonArray(GatewayConfig.Budget("person", 100, "user"));
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()))).Status);
        }
        var spent = await gateway.AdminApi.SettledAsync("person");
        Assert.True(spent > 0);

        var erased = await EdgeGwCommand.RunAsync(["erase", "--user", "anonymous", "--config", gateway.ConfigFile]);
        Assert.True(erased.ExitCode == 0 && erased.Output.StartsWith("erased:", StringComparison.Ordinal), erased.All);
        await CheckAsync();
        await gateway.KillAsync();
        await gateway.LaunchAsync();
        await CheckAsync();
        var line = (await gateway.AdminApi.JsonAsync("/admin/v1/audit?action=person.erase")).GetProperty("lines")[0];
        Assert.Equal(erased.Output.Split(": ")[0], line.GetProperty("target").GetString());

        async Task CheckAsync()
        {
            var (_, usage) = await gateway.AdminApi.GetAsync("/admin/v1/usage?by=user");
            Assert.DoesNotContain("anonymous", usage, StringComparison.Ordinal);
            Assert.Contains(erased.Output.Split(": ")[0], usage, StringComparison.Ordinal);
            Assert.DoesNotContain("anonymous", (await gateway.AdminApi.GetAsync("/admin/v1/budgets")).Body, StringComparison.Ordinal);
            Assert.DoesNotContain("anonymous", (await gateway.AdminApi.GetAsync("/admin/v1/requests")).Body, StringComparison.Ordinal);
            Assert.Equal(spent, await gateway.AdminApi.RecordedCostAsync());
        }
    }

    private static async Task<(int Code, string Text)> VerifyAsync(EdgeGwProcess gateway)
    {
        var result = await EdgeGwCommand.RunAsync(["audit", "verify", "--data-dir", gateway.DataDirectory]);
        return (result.ExitCode, result.All);
    }

    private static async Task<long> CountAsync(EdgeGwProcess gateway, string action) =>
        (await gateway.AdminApi.JsonAsync($"/admin/v1/audit?action={action}")).GetProperty("lines").EnumerateArray()
            .Sum(line => line.TryGetProperty("count", out var count) ? count.GetInt64() : 1);
}
