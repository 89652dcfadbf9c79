using System.Text.Json.Nodes;

namespace EdgeGw.FunctionalTests.Sdk;

/// <summary>openai, @anthropic-ai/sdk and @google/genai, unmodified, see through the gateway exactly what they see without it.</summary>
public sealed class NpmSdkTests(SdkFixture fixture) : IClassFixture<SdkFixture>
{
    [RequiresNodeAndCorpusFact]
    public Task NpmSdks_overRecordedAnswers_seeTheSameAsWithoutTheGateway() => CompareAsync(SdkScenarios.Recorded());

    [RequiresNodeFact]
    public Task NpmSdks_overLiveAnswers_seeTheSameAsWithoutTheGateway() => CompareAsync(SdkScenarios.Live());

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
