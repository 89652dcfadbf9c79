using System.Text.Json.Nodes;

namespace EdgeGw.FunctionalTests.Sdk;

/// <summary>The NuGet package OpenAI sees through the gateway exactly what it sees without it.</summary>
public sealed class NuGetOpenAiTests(SdkFixture fixture) : IClassFixture<SdkFixture>
{
    [RequiresCorpusFact]
    public Task NuGetOpenAi_overRecordedAnswers_seesTheSameAsWithoutTheGateway() => CompareAsync(SdkScenarios.Recorded());

    [Fact]
    public Task NuGetOpenAi_overLiveAnswers_seesTheSameAsWithoutTheGateway() => CompareAsync(SdkScenarios.Live());

    private async Task CompareAsync(JsonArray scenarios)
    {
        var direct = new NuGetOpenAi(fixture.Direct);
        var through = new NuGetOpenAi(fixture.Through);
        foreach (var scenario in NuGetScenarios.Of(scenarios))
        {
            var expected = await scenario.RunAsync(direct);
            Assert.Equal(expected, await scenario.RunAsync(through));
        }
    }
}

/// <summary>The scenarios that the package can run: chat and responses, without the npm SDK's helpers.</summary>
internal sealed record NuGetScenarios(string Name, string Api, bool Stream, string Model, string Prompt)
{
    public static IEnumerable<NuGetScenarios> Of(JsonArray scenarios) => scenarios
        .Where(scenario => (string)scenario!["api"]! is "chat" or "responses" && scenario["helper"] is null)
        .Select(scenario => new NuGetScenarios(
            (string)scenario!["name"]!, (string)scenario["api"]!, (bool)scenario["stream"]!, (string)scenario["model"]!, (string)scenario["prompt"]!));

    public async Task<string> RunAsync(NuGetOpenAi client) => $"{Name}\n{await client.RunAsync(Api, Stream, Model, Prompt)}";
}
