using System.Net;
using System.Text;

namespace EdgeGw.Upstream.Aws;

/// <summary>Small requests to the endpoints that hand out credentials: no redirects, short answers, short waits.</summary>
internal static class MetadataClient
{
    private const int LongestAnswer = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly HttpMessageInvoker Direct = Invoker(useProxy: false);
    private static readonly HttpMessageInvoker Proxied = Invoker(useProxy: true);

    /// <summary>The answer's body, or what went wrong in words that hold nothing of it.</summary>
    /// <param name="useProxy">Honour the proxy variables: STS is on the internet, the others are beside us.</param>
    public static async Task<(string? Body, string? Fault)> SendAsync(HttpRequestMessage request, CancellationToken cancellation, bool useProxy = false)
    {
        var host = request.RequestUri!.Authority;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            using var response = await (useProxy ? Proxied : Direct).SendAsync(request, patience.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return (null, $"{host} answered {(int)response.StatusCode}");
            }
            await using var stream = await response.Content.ReadAsStreamAsync(patience.Token);
            var body = new byte[LongestAnswer];
            var length = await stream.ReadAtLeastAsync(body, LongestAnswer, throwOnEndOfStream: false, patience.Token);
            return length == LongestAnswer ? (null, $"{host} answered with too much") : (Encoding.UTF8.GetString(body, 0, length), null);
        }
        catch (OperationCanceledException)
        {
            return (null, $"{host} did not answer in time");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return (null, $"{host} cannot be asked ({(failure as HttpRequestException)?.HttpRequestError.ToString() ?? "it broke off"})");
        }
    }

    private static HttpMessageInvoker Invoker(bool useProxy) => new(new SocketsHttpHandler
    {
        UseProxy = useProxy,
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        // Asked for a few times an hour: a kept connection would only be found dead.
        PooledConnectionLifetime = TimeSpan.FromSeconds(10),
    });
}
