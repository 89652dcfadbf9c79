using System.Net;
using System.Net.Http.Headers;

namespace EdgeGw.Upstream.Aws;

/// <summary>Small requests to the endpoints that hand out credentials: no proxy, no redirects, short answers, short waits.</summary>
internal static class MetadataClient
{
    private const int LongestAnswer = 64 * 1024;

    private static readonly HttpClient Direct = Client(useProxy: false);
    private static readonly HttpClient Proxied = Client(useProxy: true);

    /// <summary>The answer's body, or what went wrong in words that hold nothing of it.</summary>
    /// <param name="useProxy">Honour the proxy variables: STS is on the internet, the others are beside us.</param>
    public static async Task<(string? Body, string? Fault)> SendAsync(HttpRequestMessage request, CancellationToken cancellation, bool useProxy = false)
    {
        try
        {
            using var response = await (useProxy ? Proxied : Direct).SendAsync(request, cancellation);
            return response.StatusCode == HttpStatusCode.OK
                ? (await response.Content.ReadAsStringAsync(cancellation), null)
                : (null, $"{request.RequestUri!.Authority} answered {(int)response.StatusCode}");
        }
        catch (OperationCanceledException)
        {
            return (null, $"{request.RequestUri!.Authority} did not answer in time");
        }
        catch (HttpRequestException failure)
        {
            return (null, $"{request.RequestUri!.Authority} cannot be asked ({failure.HttpRequestError})");
        }
    }

    private static HttpClient Client(bool useProxy)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = useProxy,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            // Asked for a few times an hour: a kept connection would only be found dead.
            PooledConnectionLifetime = TimeSpan.FromSeconds(10),
        };
        var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = LongestAnswer };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("edgegw", null));
        return client;
    }
}
