using EdgeGw.FunctionalTests.Providers;
using EdgeGw.FunctionalTests.Sdk;

namespace EdgeGw.FunctionalTests.Selfcheck;

/// <summary>The comparison is worth something only if the SDKs understand the fake provider's answers in the first place.</summary>
public sealed class NpmSdkSelfcheckTests
{
    [RequiresNodeFact]
    public async Task NpmSdks_overTheFakeProvider_understandEveryAnswer()
    {
        await using var provider = await FakeProvider.StartAsync();
        var lines = await NpmSdks.RunAsync(SdkTarget.Direct(provider.BaseUrl), SdkScenarios.Live());
        foreach (var line in lines)
        {
            var meantToFail = line.Contains("-429\"", StringComparison.Ordinal) || line.Contains("-error-event\"", StringComparison.Ordinal);
            Assert.True(meantToFail || line.Contains("\"result\":", StringComparison.Ordinal), line);
            Assert.False(meantToFail && line.Contains("-429\"", StringComparison.Ordinal) && !line.Contains("429,", StringComparison.Ordinal), line);
        }
        Assert.Empty(provider.Ledger.Violations);
    }

    [RequiresNodeAndCorpusFact]
    public async Task NpmSdks_overRecordingsTwice_seeTheSameTwice()
    {
        await using var provider = await FakeProvider.StartAsync();
        var target = SdkTarget.Direct(provider.BaseUrl);
        var first = await NpmSdks.RunAsync(target, SdkScenarios.Recorded());
        Assert.Equal(first, await NpmSdks.RunAsync(target, SdkScenarios.Recorded()));
        // Some recordings are errors, but none is a refusal by the fake provider itself.
        Assert.DoesNotContain(first, line => line.Contains("Incorrect API key provided\"}", StringComparison.Ordinal));
        Assert.True(first.Count(line => line.Contains("\"result\":", StringComparison.Ordinal)) > first.Count * 3 / 4);
    }
}
