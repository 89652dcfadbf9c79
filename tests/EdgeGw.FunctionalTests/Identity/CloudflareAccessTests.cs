using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Identity;

/// <summary>Behind Cloudflare Access, with the preset alone: people, their groups, and service tokens.</summary>
public sealed class CloudflareAccessTests : IAsyncLifetime
{
    private FakeProvider _provider = null!;
    private NodeIssuer _team = null!;

    public async Task InitializeAsync()
    {
        _provider = await FakeProvider.StartAsync();
        _team = await NodeIssuer.StartAccessAsync();
    }

    public async Task DisposeAsync()
    {
        await _team.DisposeAsync();
        await _provider.DisposeAsync();
        Assert.Empty(_provider.Ledger.Violations);
    }

    [RequiresNodeFact]
    public async Task People_come_by_mail_with_the_groups_of_get_identity_and_machines_by_their_common_name()
    {
        await using var gateway = await StartAsync();
        var groups = new JsonArray(new JsonObject { ["id"] = "1", ["name"] = "ml" }, "plain");
        foreach (var previous in (bool[])[false, true])
        {
            var token = await _team.TokenAsync("person", new() { ["email"] = "ann@example.com", ["groups"] = groups.DeepClone(), ["previous"] = previous });
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal(200, await SendAsync(gateway, token, $"ann-{previous}-{i}"));
            }
            Assert.Contains("""{"user":"ann@example.com","email":"ann@example.com","groups":["ml","plain"]}""",
                (await gateway.Log.RecordOfCallAsync($"ann-{previous}-2")).ToString(), StringComparison.Ordinal);
        }
        // Asked once for each session, and by name of the key for the certs.
        Assert.Equal((1, 2), (await _team.FetchesAsync("certs"), await _team.FetchesAsync("identity")));

        Assert.Equal(200, await SendAsync(gateway, await _team.TokenAsync("service", new() { ["commonName"] = "ci.access" }), "ci"));
        Assert.Contains("\"principal\":{\"service\":\"ci.access\"}", (await gateway.Log.RecordOfCallAsync("ci")).ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await _team.FetchesAsync("identity"));

        // In no group that may use anything.
        Assert.Equal(403, await SendAsync(gateway, await _team.TokenAsync("person", new() { ["email"] = "eve@example.com", ["groups"] = new JsonArray() })));
        Assert.Equal(401, await SendAsync(gateway, await _team.TokenAsync("organization", new() { ["email"] = "ann@example.com" })));
    }

    [RequiresNodeFact]
    public async Task Groups_that_cannot_be_asked_for_are_503_and_nobody_gets_in_without_them()
    {
        await using var gateway = await StartAsync();
        await _team.AskAsync("identityDown", new() { ["value"] = true });
        var token = await _team.TokenAsync("person", new() { ["email"] = "ann@example.com", ["groups"] = new JsonArray("ml") });
        Assert.Equal(503, await SendAsync(gateway, token));
        Assert.Equal(503, await SendAsync(gateway, token));
        Assert.Equal(1, await _team.FetchesAsync("identity"));
        await _team.AskAsync("identityDown", new() { ["value"] = false });
        await Eventually.TrueAsync(async () => await SendAsync(gateway, token) == 200, "get-identity");
    }

    private async Task<EdgeGwProcess> StartAsync()
    {
        var config = GatewayConfig.For(_provider);
        config["identity"] = new JsonObject
        {
            ["jwt"] = new JsonArray(new JsonObject
            {
                ["preset"] = "cloudflare-access",
                ["issuer"] = _team.Name,
                ["audience"] = new JsonArray((string)_team.Started["aud"]!),
                ["allow_http"] = true,
            }),
        };
        config["policies"] = JsonNode.Parse("""
            [
              { "name": "people", "allow": { "models": ["nothing"] } },
              { "name": "ml", "match": { "groups": ["ml"] }, "allow": { "models": ["openai/*"] } },
              { "name": "bots", "match": { "service": ["*"] }, "allow": { "models": ["openai/*"] } }
            ]
            """);
        return await EdgeGwProcess.StartAsync(config);
    }

    private static async Task<int> SendAsync(EdgeGwProcess gateway, string token, string? id = null)
    {
        using var request = new Call(CallerDialect.Chat, new FakeScript { Id = id }).ToRequest();
        request.Headers.TryAddWithoutValidation("Cf-Access-Jwt-Assertion", token);
        // What the browser sends beside it.
        request.Headers.TryAddWithoutValidation("Cf-Access-Authenticated-User-Email", "root@example.com");
        request.Headers.TryAddWithoutValidation("Cookie", $"CF_Authorization={token}");
        // An SDK always sends some key.
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer sk-none");
        return (int)(await CallResult.OfAsync(gateway.Client, request)).Status;
    }
}
