using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.FunctionalTests.Fidelity;

/// <summary>Bodies of all sizes, many at once and each different, pass in both directions as they came: the provider sends back what it received.</summary>
public sealed class LargeBodyTests : IAsyncLifetime
{
    /// <summary>Around what is received, gathered and sent in one piece.</summary>
    private static readonly int[] Sizes =
        [100, 4 * 1024 - 1, 4 * 1024, 16 * 1024, 32 * 1024 - 300, 32 * 1024, 33 * 1024, 64 * 1024 + 1, 256 * 1024, 640 * 1024, 1024 * 1024 + 1, 5 * 1024 * 1024];

    private readonly TestCertificate _certificate = new();
    private LoopbackServer _provider = null!;

    public async Task InitializeAsync() => _provider = await LoopbackServer.StartAsync(EchoAsync);

    public async Task DisposeAsync()
    {
        await _provider.DisposeAsync();
        _certificate.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LargeBodies_overHttp1_passByteForByte(bool chunked)
    {
        await using var gateway = await EdgeGwProcess.StartAsync(GatewayConfig.For(new Uri(_provider.Address)));
        await PassAsync(gateway.Client, chunked);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task LargeBodies_overTls_passByteForByte(string version)
    {
        var config = GatewayConfig.For(new Uri(_provider.Address));
        config["listen"] = new JsonObject { ["tls"] = new JsonObject { ["certificate"] = _certificate.CertificateFile, ["key"] = _certificate.KeyFile } };
        await using var gateway = await EdgeGwProcess.StartAsync(config);
        using var client = Clients.Http2(gateway.Data);
        client.DefaultRequestVersion = Version.Parse(version);
        await PassAsync(client, chunked: false);
    }

    private static async Task PassAsync(HttpClient client, bool chunked)
    {
        var calls = Sizes.Concat(Sizes).Select((size, index) => Task.Run(async () =>
        {
            var body = Body(size, seed: index);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/openai/v1/chat/completions")
            {
                Version = client.DefaultRequestVersion,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(body),
            };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.TransferEncodingChunked = chunked ? true : null;
            using var response = await client.SendAsync(request);
            var answer = await response.Content.ReadAsByteArrayAsync();
            Assert.Equal((HttpStatusCode.OK, client.DefaultRequestVersion), (response.StatusCode, response.Version));
            Assert.Equal((body.Length, body.Length), (answer.Length, answer.AsSpan().CommonPrefixLength(body)));
        }));
        await Task.WhenAll(calls);
    }

    /// <summary>A chat completion of exactly so many bytes, in which no two places look alike.</summary>
    private static byte[] Body(int size, int seed)
    {
        const string Front = """{"model":"fake-gpt","messages":[{"role":"user","content":" """;
        const string Back = "\"}]}";
        var random = new Random(seed);
        var text = new StringBuilder(Front, size);
        while (text.Length < size - Back.Length)
        {
            text.Append((char)random.Next('a', 'z' + 1));
        }
        return Encoding.ASCII.GetBytes(text.Append(Back).ToString());
    }

    private static async Task EchoAsync(HttpContext http)
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length));
    }
}
