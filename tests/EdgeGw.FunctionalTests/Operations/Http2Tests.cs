using System.Net;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Operations;

/// <summary>HTTP/2 on both sides, negotiated over TLS.</summary>
public sealed class Http2Tests
{
    [Fact]
    public async Task TlsListener_speaksHttp2ToManyStreamsOnOneConnection()
    {
        using var certificate = new TestCertificate();
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await StartAsync(provider.BaseUrl, certificate);
        using var client = Clients.Http2(gateway.Data);
        var results = await Task.WhenAll(Enumerable.Range(0, 60).Select(async index =>
        {
            var call = new Call((CallerDialect)(index % 4), new FakeScript { Id = $"h{index}", Output = 20, Chunks = 5, Pace = 1 }) { Stream = true };
            var result = await CallResult.OfAsync(client, call);
            Assert.Equal(HttpVersion.Version20, result.Response.Version);
            Assert.Null(result.Broken);
            return (int)result.Status;
        }));
        Assert.All(results, status => Assert.Equal(200, status));
        await Eventually.TrueAsync(() => gateway.Log.Records.Count == 60, "60 usage records");
        Assert.Equal(provider.Ledger.Calls.Sum(Prices.Cost), gateway.Log.Records.Sum(record => record.Cost));
    }

    [Fact]
    public async Task TlsListener_speaksHttp1ToCallersThatKnowNoBetter()
    {
        using var certificate = new TestCertificate();
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await StartAsync(provider.BaseUrl, certificate);
        using var client = Clients.Http2(gateway.Data);
        using var request = new Call(CallerDialect.Chat, new FakeScript()).ToRequest();
        request.Version = HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var response = await client.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version11), (response.StatusCode, response.Version));
    }

    [Fact]
    public async Task ProviderThatSpeaksHttp2_isCalledOverHttp2()
    {
        using var certificate = new TestCertificate();
        await using var provider = await FakeProvider.StartAsync(certificate.Certificate);
        // The way in which every program on the machine is told of a private authority; the gateway has no switch to trust blindly.
        await using var gateway = await EdgeGwProcess.StartAsync(
            OverHttp2(GatewayConfig.For(provider.BaseUrl)), new Dictionary<string, string> { ["SSL_CERT_FILE"] = certificate.CertificateFile });
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(index => CallResult.OfAsync(
            gateway.Client, new Call((CallerDialect)(index % 4), new FakeScript { Id = $"up{index}", Output = 20, Chunks = 5, Pace = 1 }) { Stream = true })));
        Assert.All(results, result => Assert.True((int)result.Status == 200 && result.Broken is null, result.Text));
        Assert.All(provider.Ledger.Calls, call => Assert.Equal("HTTP/2", call.Protocol));
        Assert.Empty(provider.Ledger.Violations);
    }

    [Fact]
    public async Task CallerLeavingAnHttp2Stream_stopsTheProviderUnderCancel()
    {
        using var certificate = new TestCertificate();
        await using var provider = await FakeProvider.StartAsync(certificate.Certificate);
        var config = GatewayConfig.For(provider.BaseUrl);
        config["abort"] = new JsonObject { ["policy"] = "cancel" };
        config["listen"] = Tls(certificate);
        await using var gateway = await EdgeGwProcess.StartAsync(config, new Dictionary<string, string> { ["SSL_CERT_FILE"] = certificate.CertificateFile });
        using var client = Clients.Http2(gateway.Data);
        var call = new Call(CallerDialect.Chat, new FakeScript { Id = "left", Output = 5000, Chunks = 5000, Pace = 2 }) { Stream = true };
        using (var response = await call.SendAsync(client))
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[2000]);
        }
        await provider.Ledger.QuiesceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(CallEnding.Aborted, provider.Ledger["left"].Ending);
        Assert.Equal("client_aborted", (await gateway.Log.RecordOfCallAsync("left")).Outcome);
    }

    private static Task<EdgeGwProcess> StartAsync(Uri provider, TestCertificate certificate)
    {
        var config = GatewayConfig.For(provider);
        config["listen"] = Tls(certificate);
        return EdgeGwProcess.StartAsync(config);
    }

    private static JsonObject OverHttp2(JsonObject config)
    {
        foreach (var (_, provider) in config["providers"]!.AsObject())
        {
            provider!["http2"] = true;
        }
        return config;
    }

    private static JsonObject Tls(TestCertificate certificate) =>
        new() { ["tls"] = new JsonObject { ["certificate"] = certificate.CertificateFile, ["key"] = certificate.KeyFile } };
}
