using System.Text.Json;

namespace EdgeGw.FunctionalTests.Gateway;

/// <summary>An error of the gateway's own must look like one of the caller's provider, or SDKs cannot tell what happened.</summary>
internal static class ErrorEnvelope
{
    /// <summary>Checks the shape and returns the message.</summary>
    public static string Check(CallerDialect dialect, CallResult result)
    {
        Assert.Equal("application/json", result.Response.Content.Headers.ContentType?.MediaType);
        using var document = JsonDocument.Parse(result.Body);
        var root = document.RootElement;
        var error = root.GetProperty("error");
        var message = error.GetProperty("message").GetString();
        Assert.False(string.IsNullOrWhiteSpace(message));
        switch (dialect)
        {
            case CallerDialect.Messages:
                Assert.Equal("error", root.GetProperty("type").GetString());
                Assert.False(string.IsNullOrEmpty(error.GetProperty("type").GetString()));
                break;
            case CallerDialect.Gemini:
                Assert.Equal((int)result.Status, error.GetProperty("code").GetInt32());
                Assert.Matches("^[A-Z_]+$", error.GetProperty("status").GetString());
                break;
            default:
                Assert.False(string.IsNullOrEmpty(error.GetProperty("type").GetString()));
                Assert.True(error.TryGetProperty("code", out _) && error.TryGetProperty("param", out _));
                break;
        }
        return message!;
    }
}
