using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;
using EdgeGw.FunctionalTests.Sdk;

namespace EdgeGw.FunctionalTests.Aws;

/// <summary>@aws-sdk/client-bedrock-runtime, unmodified, with an EdgeGw key as its bearer token, sees through the gateway exactly what it sees without it.</summary>
public sealed class BedrockSdkTests
{
    private static readonly string[] Operations = ["converse", "converseStream", "invoke", "invokeStream"];
    private static readonly string[] Models =
    [
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
    ];

    [RequiresNodeFact]
    public async Task BedrockClient_seesTheSameAsWithoutTheGateway()
    {
        await using var provider = await BedrockProvider.StartAsync();
        var config = BedrockTests.ConfigOf(provider);
        config["identity"]!["anonymous"] = false;
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        var key = await gateway.AdminApi.CreateKeyAsync("aws-sdk");

        var direct = await RunAsync(provider.BaseUrl, FakeProvider.ApiKey);
        var through = await RunAsync(new Uri(gateway.Data, "/bedrock"), key);

        Assert.Equal(Operations.Length * Models.Length, direct.Count);
        Assert.All(direct, line => Assert.Contains("\"result\":", line, StringComparison.Ordinal));
        Assert.Equal(direct, through);
        Assert.All(provider.Calls, call => Assert.Null(call.Fault));
        // The same paths on the wire, whether the SDK wrote them for AWS or for us.
        var paths = provider.Calls.Select(call => call.Target).ToArray();
        Assert.Equal(paths[..direct.Count], paths[direct.Count..]);
        await Eventually.TrueAsync(() => gateway.Log.Records.Count == direct.Count, "a usage record of each call");
        // 20 at 3 and 5 at 15 dollars a million, and a tenth more in a regional profile.
        Assert.All(gateway.Log.Records, record => Assert.Equal((20, 5, 148_500L), (record.Input, record.Output, record.Cost)));
    }

    [RequiresNodeFact]
    public async Task BedrockClient_readsTheGatewaysOwnErrors()
    {
        await using var provider = await BedrockProvider.StartAsync();
        var config = BedrockTests.ConfigOf(provider);
        config["identity"]!["anonymous"] = false;
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        var lines = await RunAsync(new Uri(gateway.Data, "/bedrock"), "no-key-of-ours");
        Assert.All(lines, line => Assert.Contains("\"error\":{\"name\":\"UnrecognizedClientException\",\"status\":401,\"message\":\"The API key is not an EdgeGw key.", line, StringComparison.Ordinal));
    }

    private static Task<IReadOnlyList<string>> RunAsync(Uri endpoint, string token) => NpmSdks.RunAsync("bedrock.mjs", new JsonObject
    {
        ["endpoint"] = endpoint.ToString().TrimEnd('/'),
        ["token"] = token,
        ["region"] = BedrockProvider.Region,
        ["calls"] = new JsonArray([.. Models.SelectMany(_ => Operations, (model, operation) => new JsonObject { ["operation"] = operation, ["modelId"] = model })]),
    });
}
