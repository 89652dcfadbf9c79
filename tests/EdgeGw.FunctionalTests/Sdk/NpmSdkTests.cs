using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Sdk;

/// <summary>openai, @anthropic-ai/sdk and @google/genai, unmodified, see through the gateway exactly what they see without it.</summary>
public sealed class NpmSdkTests(SdkFixture fixture) : IClassFixture<SdkFixture>
{
    [RequiresNodeAndCorpusFact]
    public Task NpmSdks_overRecordedAnswers_seeTheSameAsWithoutTheGateway() => CompareAsync(SdkScenarios.Recorded());

    [RequiresNodeFact]
    public Task NpmSdks_overLiveAnswers_seeTheSameAsWithoutTheGateway() => CompareAsync(SdkScenarios.Live());

    [RequiresNodeFact]
    public async Task NpmSdks_ofStreamsThatAHardBudgetStops_throwAnErrorThatNamesIt()
    {
        await using var provider = await FakeProvider.StartAsync();
        var config = GatewayConfig.For(provider);
        var budget = GatewayConfig.Budget("small-purse", 0.02m, "model");
        budget["hard"] = true;
        config["budgets"] = new JsonArray(budget);
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        var scenarios = new JsonArray();
        foreach (var (api, helper) in ((string, bool)[])[("chat", false), ("chat", true), ("responses", false), ("messages", false), ("messages", true), ("gemini", false)])
        {
            scenarios.Add((JsonNode)new JsonObject
            {
                ["name"] = $"{api}-{helper}",
                ["api"] = api,
                // A budget's slot each.
                ["model"] = $"fake-{api}-{helper}",
                ["stream"] = true,
                ["helper"] = helper,
                ["prompt"] = new FakeScript { Id = $"{api}-{helper}", Output = 8000, Chunks = 4000, Split = true }.ToString(),
            });
        }
        // A key is asked for by the SDKs only.
        var results = await NpmSdks.RunAsync(SdkTarget.Through(gateway.Data, "none"), scenarios);
        foreach (var line in results)
        {
            var error = JsonNode.Parse(line)!["error"];
            Assert.True(error is not null, line[..Math.Min(line.Length, 300)]);
            Assert.Contains("\"small-purse\" has nothing left for the rest of this answer", error["message"]!.GetValue<string>().Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    private async Task CompareAsync(JsonArray scenarios)
    {
        var direct = await NpmSdks.RunAsync(fixture.Direct, scenarios);
        var through = await NpmSdks.RunAsync(fixture.Through, scenarios);
        Assert.Equal(scenarios.Count, direct.Count);
        Assert.Equal(direct.Count, through.Count);
        for (var i = 0; i < direct.Count; i++)
        {
            Assert.Equal(direct[i], through[i]);
        }
    }
}
