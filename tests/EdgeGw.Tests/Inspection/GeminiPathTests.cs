using EdgeGw.Requests.Inspection;

namespace EdgeGw.Tests.Inspection;

public sealed class GeminiPathTests
{
    [Theory]
    [InlineData("/v1beta/models/gemini-2.5-flash:generateContent", "gemini-2.5-flash", "generateContent", null, false)]
    [InlineData("/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", "gemini-2.5-flash", "streamGenerateContent", null, true)]
    [InlineData("models/gemini-2.0-flash-001:countTokens", "gemini-2.0-flash-001", "countTokens", null, false)]
    [InlineData("/v1/projects/p/locations/eu/publishers/google/models/gemini-2.5-pro:generateContent", "gemini-2.5-pro", "generateContent", "google", false)]
    [InlineData("/v1/projects/p/locations/eu/publishers/anthropic/models/claude-sonnet-4-5@20250929:streamRawPredict",
        "claude-sonnet-4-5@20250929", "streamRawPredict", "anthropic", true)]
    public void Model_paths_are_read(string path, string model, string method, string? publisher, bool stream)
    {
        // A prefix without a slash is no path of ours: only the first form may stand at a route's start.
        Assert.Equal(path[0] == '/', GeminiPath.TryParse(path, out var parsed));
        if (path[0] == '/')
        {
            Assert.Equal(new GeminiPath(model, method, publisher), parsed);
            Assert.Equal(stream, parsed.IsStream);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/v1beta/models/gemini-2.5-flash")]
    [InlineData("/v1beta/models/:generateContent")]
    [InlineData("/v1beta/models/gemini%2D2.5:generateContent")]
    [InlineData("/v1beta/models/gemini 2.5:generateContent")]
    [InlineData("/v1beta/models/gemini:generate:Content")]
    [InlineData("/v1beta/models/gemini:")]
    [InlineData("/v1beta/tunedModels/x:generateContent")]
    [InlineData("/v1beta/files/x:generateContent")]
    [InlineData("/v1beta/models/../x:generateContent")]
    public void Other_paths_are_not(string path) => Assert.False(GeminiPath.TryParse(path, out _));
}
