using System.Text.Json;
using EdgeGw.Identity;
using EdgeGw.Metering.Estimation;
using EdgeGw.Requests;
using EdgeGw.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Tests.Requests;

public sealed class ModelListTests
{
    private const string Config = """
        {
          "providers": { "openai": { "api_key": "k", "price_factor": "1.000001" }, "local": { "kind": "openai", "base_url": "http://127.0.0.1:9/v1", "api_key": "k", "pricing": "free" },
                         "gemini": { "api_key": "k" } },
          "models": { "ours": "openai/gpt-4o", "llama": "local/llama", "secret": "openai/not-listed" },
          "pricing": { SHOW "overrides": [ { "model": "openai/gpt-4o", "match": { "groups": ["partners"] }, "input": "1.234567891", "output": 7, "cached_input": "0.5" } ] }
        }
        """;

    [Fact]
    public async Task Price_is_the_list_price_times_the_factor_exactly()
    {
        var models = await ListAsync("", new Principal { User = "ann" });
        const string Price = """{"currency":"USD","input_per_million":"2.5000025","output_per_million":"10.00001","cached_input_per_million":"1.25000125","fees":{"web_search":"0.01","file_search":"0.0025"}}""";
        Assert.Equal(Price, models["openai/gpt-4o"]);
        Assert.Equal(Price, models["ours"]);
    }

    [Fact]
    public async Task Contract_price_is_shown_to_those_it_is_for()
    {
        var models = await ListAsync("", new Principal { User = "ann", Groups = ["partners"] });
        Assert.StartsWith("""{"currency":"USD","input_per_million":"1.234567891","output_per_million":"7","cached_input_per_million":"0.5",""", models["ours"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Free_model_costs_nothing_and_one_without_a_price_has_none()
    {
        var models = await ListAsync("", new Principal { User = "ann" });
        Assert.Equal("""{"currency":"USD","input_per_million":"0","output_per_million":"0"}""", models["llama"]);
        Assert.Null(models["secret"]);
    }

    [Fact]
    public async Task Rates_of_long_inputs_are_told_beside_the_others()
    {
        var models = await ListAsync("", new Principal { User = "ann" });
        Assert.Contains(""","long":[{"above":200000,"input_per_million":"2.5","output_per_million":"15",""", models["gemini/gemini-2.5-pro"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"show_prices\": \"deny\",", "ann", false)]
    [InlineData("\"show_prices\": { \"user\": [\"ann\"] },", "ann", true)]
    [InlineData("\"show_prices\": { \"user\": [\"ann\"] },", "bob", false)]
    public async Task Prices_are_shown_to_whom_the_configuration_names(string show, string user, bool shown)
    {
        var models = await ListAsync(show, new Principal { User = user });
        Assert.Equal(shown, models["ours"] is not null);
        Assert.Equal(shown, models["openai/gpt-4o"] is not null);
    }

    /// <summary>Model to the text of its price.</summary>
    private static async Task<Dictionary<string, string?>> ListAsync(string show, Principal caller)
    {
        await using var gateway = await ReloadFixture.StartAsync(Config.Replace("SHOW", show, StringComparison.Ordinal));
        var request = new GatewayRequest(new UsageEstimator(), TimeProvider.System);
        var http = new DefaultHttpContext();
        var body = new MemoryStream();
        http.Response.Body = body;
        request.Begin(http.Features);
        request.Setup = gateway.Setup;
        request.Principal = caller;
        await ModelList.WriteAsync(request);
        using var json = JsonDocument.Parse(body.ToArray());
        Assert.Equal(body.Length, http.Response.ContentLength);
        return json.RootElement.GetProperty("data").EnumerateArray().ToDictionary(
            model => model.GetProperty("id").GetString()!, model => model.TryGetProperty("pricing", out var price) ? price.GetRawText() : null);
    }
}
