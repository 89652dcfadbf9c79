using System.Collections.Concurrent;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeGw.FunctionalTests.Aws;

/// <summary>Bedrock on a loopback port: takes a signature of the tests' credentials or the tests' API key, and answers as AWS does where neither holds.</summary>
public sealed class BedrockProvider : IAsyncDisposable
{
    public const string Region = "eu-central-1";
    public const string AccessKeyId = "AKIDEXAMPLE";
    public const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    private LoopbackServer _server = null!;

    private BedrockProvider()
    {
    }

    public Uri BaseUrl => new(_server.Address);

    internal ConcurrentQueue<BedrockCall> Calls { get; } = new();

    public static async Task<BedrockProvider> StartAsync(bool http2 = false)
    {
        var provider = new BedrockProvider();
        provider._server = await LoopbackServer.StartAsync(provider.HandleAsync, http2 ? HttpProtocols.Http2 : HttpProtocols.Http1);
        return provider;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var headers = context.Request.Headers.SelectMany(header => header.Value.Select(value => (header.Key, value!))).ToArray();
        var fault = context.Request.Headers.Authorization == "Bearer " + FakeProvider.ApiKey
            ? null
            : SigV4Verifier.FaultOf(context.Request.Method, target, headers, body.ToArray(), AccessKeyId, Secret, Region, "bedrock");
        Calls.Enqueue(new BedrockCall(context.Request.Protocol, target, headers, body.ToArray(), fault));
        if (fault is not null)
        {
            context.Response.StatusCode = 403;
            context.Response.ContentType = "application/json";
            context.Response.Headers["x-amzn-errortype"] = "InvalidSignatureException:http://internal.amazon.com/coral/com.amazon.coral.service/";
            await context.Response.WriteAsync(BedrockAnswers.BadSignature);
            return;
        }
        await BedrockAnswers.WriteAsync(context, target, body.ToArray());
    }
}

/// <summary>One call as it arrived.</summary>
/// <param name="Fault">Why AWS would refuse it; null: it would not.</param>
internal sealed record BedrockCall(string Protocol, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body, string? Fault)
{
    public string? Header(string name) => Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).SingleOrDefault();
}
