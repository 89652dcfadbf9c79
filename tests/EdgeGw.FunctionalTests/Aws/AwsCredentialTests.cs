using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.FunctionalTests.Aws;

/// <summary>Credentials from where AWS puts them, by the native binary: each source signs a call that AWS would accept.</summary>
public sealed class AwsCredentialTests
{
    private const string Path = "/bedrock/model/us.anthropic.claude-sonnet-4-5-20250929-v1:0/converse";

    [Theory]
    [InlineData("container")]
    [InlineData("instance")]
    [InlineData("web-identity")]
    [InlineData("profile")]
    public async Task EverySource_signsCalls(string source)
    {
        using var folder = new TemporaryFolder();
        // The container endpoint, the instance metadata and STS on one port.
        await using var metadata = await LoopbackServer.StartAsync(AnswerAsync);
        var address = metadata.Address;
        await File.WriteAllTextAsync(folder.File("token"), "pod-token\n");
        await File.WriteAllTextAsync(folder.File("credentials"), $"[team]\naws_access_key_id = {BedrockProvider.AccessKeyId}\naws_secret_access_key = {BedrockProvider.Secret}\naws_session_token = rotating\n");
        await using var provider = await BedrockProvider.StartAsync();
        await using var gateway = await EdgeGwProcess.StartAsync(BedrockTests.ConfigWith(provider, new JsonObject { ["credentials"] = source }), new Dictionary<string, string>
        {
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = address + "/container",
            ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = folder.File("token"),
            ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = address,
            ["AWS_ENDPOINT_URL_STS"] = address,
            ["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/edgegw",
            ["AWS_WEB_IDENTITY_TOKEN_FILE"] = folder.File("token"),
            ["AWS_SHARED_CREDENTIALS_FILE"] = folder.File("credentials"),
            ["AWS_PROFILE"] = "team",
        });
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CallResult.OfAsync(gateway.Client, BedrockTests.Post(Path))));
        Assert.All(results, result => Assert.True(result.Status == HttpStatusCode.OK, result.Text + gateway.Errors.Text));
        Assert.All(provider.Calls, call => Assert.Equal((null, "rotating"), (call.Fault, call.Header("x-amz-security-token"))));
    }

    [Fact]
    public async Task MissingCredentials_areAClear503ThatNamesTheProvider()
    {
        await using var provider = await BedrockProvider.StartAsync();
        await using var gateway = await EdgeGwProcess.StartAsync(
            BedrockTests.ConfigWith(provider, new JsonObject { ["credentials"] = "container" }),
            new Dictionary<string, string>
            {
                ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = $"http://127.0.0.1:{FreePorts.Next()}/c",
                ["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "aSecretToken",
            });
        var result = await CallResult.OfAsync(gateway.Client, BedrockTests.Post(Path));
        BedrockTests.AssertError(result, 503, "ServiceUnavailableException", "provider_credentials_missing");
        Assert.Contains("provider bedrock", result.Text, StringComparison.Ordinal);
        Assert.Empty(provider.Calls);
        await Eventually.TrueAsync(() => gateway.Errors.Text.Contains("Provider bedrock got no AWS credentials", StringComparison.Ordinal), "the cause in the log");
        Assert.DoesNotContain("aSecretToken", gateway.Errors.Text + result.Text, StringComparison.Ordinal);
    }

    private static Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var expires = DateTime.UtcNow.AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        var json = JsonSerializer.Serialize(new { BedrockProvider.AccessKeyId, SecretAccessKey = BedrockProvider.Secret, Token = "rotating", Expiration = expires });
        var answer = request.Path.Value switch
        {
            "/container" when request.Headers.Authorization == "pod-token" => json,
            "/latest/api/token" when request.Method == "PUT" => "session",
            "/latest/meta-data/iam/security-credentials/" when request.Headers["x-aws-ec2-metadata-token"] == "session" => "role",
            "/latest/meta-data/iam/security-credentials/role" when request.Headers["x-aws-ec2-metadata-token"] == "session" => json,
            "/" when request.Method == "POST" => $"""
                <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>
                <AccessKeyId>{BedrockProvider.AccessKeyId}</AccessKeyId><SecretAccessKey>{BedrockProvider.Secret}</SecretAccessKey>
                <SessionToken>rotating</SessionToken><Expiration>{expires}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
                """,
            _ => null,
        };
        context.Response.StatusCode = answer is null ? 403 : 200;
        return context.Response.WriteAsync(answer ?? "no");
    }
}
