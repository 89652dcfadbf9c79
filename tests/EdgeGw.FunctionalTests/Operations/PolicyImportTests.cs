using System.Net;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Operations;

/// <summary>Policies of another gateway, from their file to a refused call.</summary>
public sealed class PolicyImportTests
{
    private const string Source = """
        { "success": true, "result": [
          { "id": "1", "name": "Staff", "actor": "everyone", "resource": { "provider": "openai" }, "condition": "'staff' in cf.user.groups || metadata.team == 'core'",
            "action": { "type": "no-limit" }, "created_at": 1790000000, "updated_at": 1790000000 },
          { "id": "2", "name": "Not for interns", "actor": "everyone", "resource": "*", "condition": "'interns' in cf.user.groups", "action": { "type": "block" } } ] }
        """;

    [Fact]
    public async Task Imported_section_is_good_configuration_and_decides_as_the_source_did()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("source.json"), Source);
        var imported = await EdgeGwCommand.RunAsync(["policies", "import", folder.File("source.json")]);
        Assert.True(imported.ExitCode == 0, imported.All);
        Assert.Contains("policies and 0 budgets made", imported.Errors, StringComparison.Ordinal);
        var policies = JsonNode.Parse(imported.Output)!["policies"]!;

        await using var provider = await FakeProvider.StartAsync();
        var config = GatewayConfig.For(provider);
        config["policies"] = policies.DeepClone();
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        var check = await EdgeGwCommand.RunAsync(["check", "--config", gateway.ConfigFile]);
        Assert.True(check.ExitCode == 0, check.All);
        Assert.Contains($"{policies.AsArray().Count} policies", check.Output, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("staff"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("others"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("staff", "interns"));

        async Task<HttpStatusCode> StatusAsync(params string[] groups)
        {
            string[] line = ["keys", "create", "--name", "k-" + string.Join('-', groups), .. groups.SelectMany(static group => new[] { "--group", group }), "--config", gateway.ConfigFile];
            var key = AdminApi.Secret().Match((await EdgeGwCommand.RunAsync(line)).Output).Value;
            return (await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript()) { Key = key })).Status;
        }
    }
}
