using EdgeGw.FunctionalTests.Providers;
using EdgeGw.FunctionalTests.Sdk;

namespace EdgeGw.FunctionalTests.Selfcheck;

/// <summary>The comparison is worth something only if the package understands most answers without a gateway.</summary>
public sealed class NuGetOpenAiSelfcheckTests
{
    [RequiresCorpusFact]
    public async Task NuGetOpenAi_overTheFakeProvider_understandsItsAnswers()
    {
        await using var provider = await FakeProvider.StartAsync();
        var client = new NuGetOpenAi(SdkTarget.Direct(provider.BaseUrl));
        foreach (var scenario in NuGetScenarios.Of(SdkScenarios.Live()))
        {
            var text = await scenario.RunAsync(client);
            Assert.Equal(scenario.Name.EndsWith("-429", StringComparison.Ordinal), text.Contains("ClientResultException 429", StringComparison.Ordinal));
        }
        var recorded = NuGetScenarios.Of(SdkScenarios.Recorded()).ToList();
        var understood = 0;
        foreach (var scenario in recorded)
        {
            understood += (await scenario.RunAsync(client)).Contains("Exception", StringComparison.Ordinal) ? 0 : 1;
        }
        Assert.True(understood > recorded.Count * 3 / 4, $"{understood} of {recorded.Count}");
    }
}
