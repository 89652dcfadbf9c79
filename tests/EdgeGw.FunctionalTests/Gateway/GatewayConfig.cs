using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Gateway;

/// <summary>Configurations for tests, written with the names of the outside contract.</summary>
internal static class GatewayConfig
{
    /// <summary>Three providers at <paramref name="provider"/>, prices that the tests know, anonymous callers let in.</summary>
    public static JsonObject For(FakeProvider provider) => For(provider.BaseUrl);

    public static JsonObject For(Uri provider) => new()
    {
        ["providers"] = new JsonObject
        {
            ["openai"] = Provider(new Uri(provider, "/v1")),
            ["anthropic"] = Provider(provider),
            ["gemini"] = Provider(provider),
        },
        ["models"] = new JsonObject { ["our-alias"] = "openai/fake-gpt" },
        ["identity"] = new JsonObject { ["anonymous"] = true },
        ["pricing"] = new JsonObject { ["overrides"] = Prices.Overrides() },
        ["log"] = new JsonObject { ["requests"] = "stdout" },
    };

    public static JsonObject Provider(Uri baseUrl) => new() { ["base_url"] = baseUrl.ToString().TrimEnd('/'), ["api_key"] = FakeProvider.ApiKey };

    public static JsonObject Budget(string name, decimal dollars, params string[] per)
    {
        var budget = new JsonObject { ["name"] = name, ["amount_usd"] = dollars, ["window"] = "month" };
        if (per.Length > 0)
        {
            budget["per"] = new JsonArray([.. per.Select(dimension => JsonValue.Create(dimension))]);
        }
        return budget;
    }
}
