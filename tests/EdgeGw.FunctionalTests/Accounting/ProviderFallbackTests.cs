using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.FunctionalTests.Accounting;

/// <summary>OpenRouter answers with whichever model of the body's list can: the dearest of them is what a budget must have room for.</summary>
public sealed class ProviderFallbackTests
{
    [Fact]
    public async Task DearFallback_isHeldAtItsPrice_andACheapOneAtItsOwn()
    {
        var seen = new List<string>();
        await using var provider = await LoopbackServer.StartAsync(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            seen.Add(await body.ReadToEndAsync());
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(
                """{"id":"gen-1","model":"cheap","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30}}""");
        });
        await using var gateway = await StartAsync(provider, GatewayConfig.Budget("purse", 0.01m));

        var dear = await PostAsync(gateway, Body("""["cheap","dear"]"""));
        Assert.Equal(HttpStatusCode.TooManyRequests, dear.StatusCode);
        Assert.Contains("purse", await dear.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(seen);

        var cheap = await PostAsync(gateway, Body("""["cheap","cheap"]"""));
        Assert.Equal(HttpStatusCode.OK, cheap.StatusCode);
        Assert.Equal(Body("""["cheap","cheap"]"""), Assert.Single(seen));
        Assert.Equal(3_000, await gateway.AdminApi.SettledAsync("purse"));

        var unclear = await PostAsync(gateway, Body("\"cheap\""));
        Assert.Equal(HttpStatusCode.BadRequest, unclear.StatusCode);
        Assert.Single(seen);
    }

    [Fact]
    public async Task StreamOfADearFallback_beyondAHardBudget_isEndedAsIfItHadBeenAskedFor()
    {
        const int Pieces = 20_000;
        await using var provider = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var piece = 0; piece < Pieces && !context.RequestAborted.IsCancellationRequested; piece++)
            {
                await context.Response.WriteAsync(
                    "data: {\"id\":\"gen-1\",\"model\":\"dear\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" one two three four\"}}]}\n\n");
            }
        });
        var budget = GatewayConfig.Budget("purse", 0.04m);
        budget["hard"] = true;
        await using var gateway = await StartAsync(provider, budget);

        var answer = await PostAsync(gateway, Body("""["dear"]""").Replace("\"max_tokens\":1000", "\"stream\":true,\"max_tokens\":100", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Contains("budget_exhausted", text, StringComparison.Ordinal);
        Assert.InRange(text.Split("gen-1").Length, 2, Pieces / 10);
        Assert.InRange(await gateway.AdminApi.SettledAsync("purse"), 1, 40_000_000);
    }

    private static Task<EdgeGwProcess> StartAsync(LoopbackServer provider, JsonObject budget)
    {
        var config = GatewayConfig.For(new Uri(provider.Address));
        config["providers"]!["openrouter"] = GatewayConfig.Provider(new Uri(provider.Address + "/api/v1"));
        config["pricing"] = new JsonObject
        {
            ["overrides"] = new JsonArray(
                new JsonObject { ["model"] = "openrouter/cheap", ["input"] = "0.1", ["output"] = "0.1" },
                new JsonObject { ["model"] = "openrouter/dear", ["input"] = "10", ["output"] = "100" }),
        };
        config["budgets"] = new JsonArray(budget);
        return EdgeGwProcess.StartAsync(config);
    }

    private static string Body(string models) => $$"""{"model":"cheap","models":{{models}},"max_tokens":1000,"messages":[{"role":"user","content":"hi"}]}""";

    private static Task<HttpResponseMessage> PostAsync(EdgeGwProcess gateway, string body) =>
        gateway.Client.PostAsync("/openrouter/v1/chat/completions", new StringContent(body, Encoding.UTF8, "application/json"));
}
