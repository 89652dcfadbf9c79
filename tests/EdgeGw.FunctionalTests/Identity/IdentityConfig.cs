using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Identity;

/// <summary>Configurations whose callers come with tokens.</summary>
internal static class IdentityConfig
{
    public static JsonObject For(FakeProvider provider, params NodeIssuer[] issuers)
    {
        var config = GatewayConfig.For(provider);
        config["identity"] = new JsonObject
        {
            ["jwt"] = new JsonArray([.. issuers.Select(static issuer => new JsonObject { ["issuer"] = issuer.Name, ["audience"] = new JsonArray("gateway"), ["allow_http"] = true })]),
        };
        return config;
    }

    public static Task<CallResult> SendAsync(this EdgeGwProcess gateway, string? token, CallerDialect dialect = CallerDialect.Chat, string? id = null) =>
        CallResult.OfAsync(gateway.Client, new Call(dialect, new FakeScript { Id = id }) { Key = token });

    public static async Task<int> StatusAsync(this EdgeGwProcess gateway, string token) => (int)(await gateway.SendAsync(token)).Status;

    public static async Task<string> MetricsAsync(this EdgeGwProcess gateway) => (await gateway.AdminApi.GetAsync("/metrics", authorized: false)).Body;
}
