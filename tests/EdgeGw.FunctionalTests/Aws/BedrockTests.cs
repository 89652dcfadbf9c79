using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;

namespace EdgeGw.FunctionalTests.Aws;

/// <summary>Bedrock behind the gateway: what arrives there is signed as AWS demands, what comes back is metered and untouched.</summary>
public sealed class BedrockTests
{
    private const string Claude = "us.anthropic.claude-sonnet-4-5-20250929-v1";
    private const string Arn = "arn%3Aaws%3Abedrock%3Aeu-central-1%3A123456789012%3Ainference-profile%2Feu.anthropic.claude-sonnet-4-5-20250929-v1%3A0";
    private const string Body = """{"messages":[{"role":"user","content":[{"text":"Gr\u00fc\u00dfe, grüße"}]}],"inferenceConfig":{"maxTokens":64}}""";
    private const string ClaudeBody = """{"anthropic_version":"bedrock-2023-05-31","max_tokens":64,"messages":[{"role":"user","content":"Hi"}]}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EveryOperation_isSignedMeteredAndPassedOnAsItCame(bool http2)
    {
        await using var provider = await BedrockProvider.StartAsync(http2);
        await using var gateway = await EdgeGwProcess.StartAsync(ConfigOf(provider, http2));
        (string Path, string Body, byte[] Answer, string Model)[] calls =
        [
            ($"/model/{Claude}:0/converse", Body, Encoding.UTF8.GetBytes(BedrockAnswers.Converse), Claude + ":0"),
            ($"/model/{Claude}%3A0/converse-stream", Body, BedrockAnswers.ConverseStream, Claude + ":0"),
            ($"/model/{Arn}/converse", Body, Encoding.UTF8.GetBytes(BedrockAnswers.Converse), "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"),
            ($"/model/{Claude}%3a0/invoke", ClaudeBody, Encoding.UTF8.GetBytes(BedrockAnswers.Invoke), Claude + ":0"),
            ($"/model/{Arn}/invoke-with-response-stream", ClaudeBody, BedrockAnswers.InvokeStream, "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ];
        for (var i = 0; i < calls.Length; i++)
        {
            var (path, body, answer, model) = calls[i];
            using var request = Post("/bedrock" + path, body, id: $"b{i}");
            request.Headers.Add("X-Amzn-Bedrock-Trace", "ENABLED");
            var result = await CallResult.OfAsync(gateway.Client, request);

            Assert.True(result.Status == HttpStatusCode.OK, result.Text);
            Assert.Equal(answer, result.Body);
            var call = provider.Calls.Last();
            Assert.Equal((null, path, body), (call.Fault, call.Target, Encoding.UTF8.GetString(call.Body)));
            Assert.Equal(http2 ? "HTTP/2" : "HTTP/1.1", call.Protocol);
            Assert.Equal(("session/token==", "ENABLED"), (call.Header("x-amz-security-token"), call.Header("x-amzn-bedrock-trace")));
            var record = await gateway.Log.RecordOfCallAsync($"b{i}");
            // 20 at 3 and 5 at 15 dollars a million, and a tenth more in a regional profile.
            Assert.Equal((model, 20, 5, "catalogue", 148_500L), (record.Model, record.Input, record.Output, record.CostSource, record.Cost));
            Assert.InRange(record.Hold, 64 * 15_000, 2_000_000);
        }
        Assert.DoesNotContain(BedrockProvider.Secret, gateway.Log.Text + gateway.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EditedBody_isSignedAsItIsSent()
    {
        await using var provider = await BedrockProvider.StartAsync();
        await using var gateway = await EdgeGwProcess.StartAsync(ConfigOf(provider));
        var result = await CallResult.OfAsync(gateway.Client, Post("/bedrock/v1/chat/completions", """{"model":"openai.gpt-oss-20b","stream":true,"messages":[]}"""));
        Assert.Equal(HttpStatusCode.OK, result.Status);
        Assert.DoesNotContain("usage", result.Text, StringComparison.Ordinal);
        var call = Assert.Single(provider.Calls);
        Assert.Null(call.Fault);
        Assert.Contains("include_usage", Encoding.UTF8.GetString(call.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallersOwnSignature_isReplacedAndItsHeadersGone()
    {
        await using var provider = await BedrockProvider.StartAsync();
        await using var gateway = await EdgeGwProcess.StartAsync(ConfigOf(provider));
        using var request = Post($"/bedrock/model/{Claude}%3A0/converse", Body);
        foreach (var (name, value) in new[]
        {
            ("Authorization", "AWS4-HMAC-SHA256 Credential=dummy/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature=00"),
            ("x-amz-date", "20260101T000000Z"), ("x-amz-security-token", "theirs"), ("x-amz-content-sha256", "UNSIGNED-PAYLOAD"), ("amz-sdk-request", "attempt=1"),
        })
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        var result = await CallResult.OfAsync(gateway.Client, request);
        Assert.True(result.Status == HttpStatusCode.OK, result.Text);
        var call = Assert.Single(provider.Calls);
        Assert.Equal((null, "session/token==", "attempt=1"), (call.Fault, call.Header("x-amz-security-token"), call.Header("amz-sdk-request")));
    }

    [Fact]
    public async Task VirtualKeyAsBearerToken_isWhoCalls()
    {
        await using var provider = await BedrockProvider.StartAsync();
        var config = ConfigOf(provider);
        config["identity"]!["anonymous"] = false;
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        var key = await gateway.AdminApi.CreateKeyAsync("aws");

        using var known = Post($"/bedrock/model/{Claude}:0/converse", Body);
        known.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        Assert.Equal(HttpStatusCode.OK, (await CallResult.OfAsync(gateway.Client, known)).Status);
        Assert.DoesNotContain(provider.Calls.Single().Headers, header => header.Value.Contains("egw_", StringComparison.Ordinal));

        using var signed = Post($"/bedrock/model/{Claude}:0/converse", Body);
        signed.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 Credential=dummy/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=00");
        AssertError(await CallResult.OfAsync(gateway.Client, signed), 401, "UnrecognizedClientException", "invalid_api_key");
        Assert.Single(provider.Calls);
    }

    [Fact]
    public async Task RefusedSignature_passesThroughAndIsLoggedWithAHint()
    {
        await using var provider = await BedrockProvider.StartAsync();
        var config = ConfigOf(provider);
        config["providers"]!["bedrock"]!["secret_access_key"] = "anotherSecretThatIsWrong";
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        var result = await CallResult.OfAsync(gateway.Client, Post($"/bedrock/model/{Claude}:0/converse", Body));
        Assert.Equal((HttpStatusCode.Forbidden, BedrockAnswers.BadSignature), (result.Status, result.Text));
        Assert.StartsWith("InvalidSignatureException", result.Header("x-amzn-errortype"), StringComparison.Ordinal);
        await Eventually.TrueAsync(() => gateway.Errors.Text.Contains("InvalidSignatureException: check this machine's clock", StringComparison.Ordinal), "the hint in the log");
        Assert.DoesNotContain("anotherSecret", gateway.Errors.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/bedrock/model/%C3%BC/converse", 400)]
    [InlineData("/bedrock/model/a%20b/converse", 200)]
    public async Task OddModelInThePath_isRefusedOrSignedAsItStands(string path, int status)
    {
        await using var provider = await BedrockProvider.StartAsync();
        await using var gateway = await EdgeGwProcess.StartAsync(ConfigOf(provider));
        var result = await CallResult.OfAsync(gateway.Client, Post(path, Body));
        Assert.Equal(status, (int)result.Status);
        Assert.All(provider.Calls, call => Assert.Equal((null, path["/bedrock".Length..]), (call.Fault, call.Target)));
        if (status == 400)
        {
            AssertError(result, 400, "ValidationException", "invalid_path");
            Assert.Empty(provider.Calls);
        }
    }

    internal static JsonObject ConfigOf(BedrockProvider provider, bool http2 = false)
    {
        var config = ConfigWith(provider, new JsonObject
        {
            ["access_key_id"] = BedrockProvider.AccessKeyId,
            ["secret_access_key"] = BedrockProvider.Secret,
            ["session_token"] = "session/token==",
        });
        config["providers"]!["bedrock"]!["http2"] = http2;
        return config;
    }

    /// <param name="members">The provider's credentials.</param>
    internal static JsonObject ConfigWith(BedrockProvider provider, JsonObject members)
    {
        members["base_url"] = provider.BaseUrl.ToString().TrimEnd('/');
        members["region"] = BedrockProvider.Region;
        return new JsonObject
        {
            ["providers"] = new JsonObject { ["bedrock"] = members },
            ["identity"] = new JsonObject { ["anonymous"] = true },
            ["log"] = new JsonObject { ["requests"] = "stdout" },
        };
    }

    internal static HttpRequestMessage Post(string path, string body = Body, string? id = null)
    {
        // The client must not normalise what the gateway is to pass on as it came.
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (id is not null)
        {
            request.Headers.Add("x-edgegw-metadata", new JsonObject { ["call"] = id }.ToJsonString());
        }
        return request;
    }

    internal static void AssertError(CallResult result, int status, string type, string code)
    {
        Assert.Equal((status, type), ((int)result.Status, result.Header("x-amzn-errortype")));
        using var json = JsonDocument.Parse(result.Body);
        Assert.Equal(code, json.RootElement.GetProperty("code").GetString());
        Assert.False(string.IsNullOrWhiteSpace(json.RootElement.GetProperty("message").GetString()));
    }
}
