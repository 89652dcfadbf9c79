using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Configuration.Binding;
using EdgeGw.Configuration.Reading;

namespace EdgeGw.Tests.Configuration;

public sealed class ConfigSchemaTests
{
    /// <summary>Each shape and where the schema has it.</summary>
    private static readonly (ObjectShape Shape, string[] Place)[] Places =
    [
        (Shapes.Root, []),
        (Shapes.Listen, ["properties", "listen"]),
        (Shapes.Tls, ["properties", "listen", "properties", "tls"]),
        (Shapes.Journal, ["properties", "journal"]),
        (Shapes.Audit, ["properties", "audit"]),
        (Shapes.Provider, ["properties", "providers", "additionalProperties"]),
        (Shapes.Identity, ["properties", "identity"]),
        (Shapes.Key, ["properties", "identity", "properties", "keys", "items"]),
        (Shapes.Jwt, ["properties", "identity", "properties", "jwt", "items"]),
        (Shapes.JwtClaims, ["properties", "identity", "properties", "jwt", "items", "properties", "claims"]),
        (Shapes.JwtGroups, ["properties", "identity", "properties", "jwt", "items", "properties", "groups"]),
        (Shapes.JwtGraph, ["properties", "identity", "properties", "jwt", "items", "properties", "graph"]),
        (Shapes.Budget, ["properties", "budgets", "items"]),
        (Shapes.Downgrade, ["properties", "budgets", "items", "properties", "at_limit", "anyOf", "1"]),
        (Shapes.Limit, ["properties", "limits", "items"]),
        (Shapes.Policy, ["properties", "policies", "items"]),
        (Shapes.PolicyLimit, ["properties", "policies", "items", "properties", "limits", "items"]),
        (Shapes.Allow, ["properties", "policies", "items", "properties", "allow"]),
        (Shapes.Require, ["properties", "policies", "items", "properties", "require"]),
        (Shapes.PolicyMatch, ["$defs", "policy_match"]),
        (Shapes.Exception, ["$defs", "policy_match", "properties", "except", "items"]),
        (Shapes.Time, ["$defs", "policy_match", "properties", "time"]),
        (Shapes.RequestMatch, ["$defs", "policy_match", "properties", "request"]),
        (Shapes.Velocity, ["properties", "velocity"]),
        (Shapes.Alerts, ["properties", "alerts"]),
        (Shapes.Webhook, ["properties", "alerts", "properties", "webhooks", "items"]),
        (Shapes.CallMatch, ["$defs", "call_match"]),
        (Shapes.Amounts, ["$defs", "amounts"]),
        (Shapes.Pricing, ["properties", "pricing"]),
        (Shapes.Override, ["properties", "pricing", "properties", "overrides", "items"]),
        (Shapes.Fees, ["properties", "pricing", "properties", "overrides", "items", "properties", "fees"]),
        (Shapes.Match, ["$defs", "match"]),
        (Shapes.Abort, ["properties", "abort"]),
        (Shapes.Timeouts, ["properties", "timeouts"]),
        (Shapes.Requests, ["properties", "requests"]),
        (Shapes.Log, ["properties", "log"]),
    ];

    [Fact]
    public void Schema_and_binder_know_the_same_names()
    {
        using var schema = JsonDocument.Parse(ConfigSchema.Text);
        var seen = 0;
        foreach (var (shape, place) in Places)
        {
            var node = place.Aggregate(schema.RootElement, (element, name) => element.ValueKind == JsonValueKind.Array ? element[int.Parse(name, null)] : element.GetProperty(name));
            Assert.Equal(shape.Names!.Order(), node.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order());
            Assert.False(node.GetProperty("additionalProperties").GetBoolean());
            seen++;
        }
        // No object of the schema has escaped the comparison.
        Assert.Equal(seen, CountClosedObjects(schema.RootElement));
    }

    [Fact]
    public void Schema_demands_what_the_binder_demands()
    {
        using var schema = JsonDocument.Parse(ConfigSchema.Text);
        string[] Required(params string[] place) =>
            [.. place.Aggregate(schema.RootElement, (e, name) => e.GetProperty(name)).GetProperty("required").EnumerateArray().Select(n => n.GetString()!)];

        AssertMissing(Required("properties", "listen", "properties", "tls"), "{\"listen\": {\"tls\": {}}}");
        AssertMissing(Required("properties", "identity", "properties", "keys", "items"), "{\"identity\": {\"keys\": [{}]}}");
        AssertMissing(Required("properties", "identity", "properties", "jwt", "items", "properties", "graph"),
            "{\"identity\": {\"jwt\": [{\"preset\": \"entra-id\", \"issuer\": \"https://i/t/v2.0\", \"audience\": [\"a\"], \"graph\": {}}]}}");
        AssertMissing(Required("properties", "budgets", "items"), "{\"budgets\": [{}]}");
        AssertMissing(Required("properties", "velocity"), "{\"velocity\": {}}");
        AssertMissing(Required("properties", "alerts", "properties", "webhooks", "items"), "{\"alerts\": {\"webhooks\": [{}]}}");
        AssertMissing(Required("properties", "pricing", "properties", "overrides", "items"), "{\"pricing\": {\"overrides\": [{}]}}");
    }

    private static void AssertMissing(string[] required, string json)
    {
        var faults = ConfigFixture.Load(json).Faults;
        Assert.Equal(required.Select(name => $"\"{name}\" is missing"), faults.Select(f => f.Message));
    }

    private static int CountClosedObjects(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => (element.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.False ? 1 : 0)
            + element.EnumerateObject().Sum(p => CountClosedObjects(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().Sum(CountClosedObjects),
        _ => 0,
    };
}
