using System.Net;
using System.Net.Security;

namespace EdgeGw.FunctionalTests.Gateway;

/// <summary>HTTP clients that show what is on the wire: no decompression, no redirects, no proxy, no cookies.</summary>
internal static class Clients
{
    public static HttpClient Plain(Uri address) => new(Handler()) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>HTTP/2 over TLS to a listener with the tests' own certificate.</summary>
    public static HttpClient Http2(Uri address)
    {
        var handler = Handler();
        handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true };
        return new HttpClient(handler)
        {
            BaseAddress = address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    private static SocketsHttpHandler Handler() => new()
    {
        AutomaticDecompression = DecompressionMethods.None,
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        MaxConnectionsPerServer = 1024,
        // A caller who leaves must be gone at once: by default the client would quietly read on for two seconds.
        MaxResponseDrainSize = 0,
    };
}
