using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using EdgeGw.Upstream.Http1;
using EdgeGw.Upstream.Net;

namespace EdgeGw.Upstream.Http2;

/// <summary>HTTP/2 to providers, and any version through a proxy, over the platform's own handler.</summary>
/// <remarks>
/// The handler is used without <c>HttpClient</c>, which buffers whole bodies through its base type. No cookies, redirects, decompression or
/// trace headers. A request without <see cref="UpstreamRequest.Http2"/> is sent as HTTP/1.1.
/// </remarks>
public sealed class HttpClientTransport : UpstreamTransport
{
    private readonly UpstreamOptions _options;
    private readonly HttpMessageInvoker _direct;
    private readonly HttpMessageInvoker _publicOnly;

    /// <param name="proxy">The proxy to go through; null: none.</param>
    /// <exception cref="IOException">The extra roots' file cannot be read.</exception>
    public HttpClientTransport(UpstreamOptions options, IWebProxy? proxy = null)
    {
        _options = options;
        var roots = TrustedRoots.Load(options.ExtraRootsFile);
        _direct = new HttpMessageInvoker(Handler(options, proxy, roots, publicOnly: false), disposeHandler: true);
        // Behind a proxy it is the proxy that resolves and connects, so there is no address of ours to judge.
        _publicOnly = proxy is null ? new HttpMessageInvoker(Handler(options, proxy, roots, publicOnly: true), disposeHandler: true) : _direct;
    }

    public override async ValueTask<UpstreamResult> SendAsync(UpstreamRequest request, CancellationToken cancellation)
    {
        if (RequestHeadRules.Fault(request) is { } fault)
        {
            return new(null, UpstreamError.Protocol, false, fault);
        }
        var timeouts = request.Timeouts ?? _options.Timeouts;
        var wait = new UpstreamWait(timeouts, _options.Clock);
        var body = request.Body.Count > 0 ? new PiecesContent(request.Body, request.BodyLength) : null;
        var kept = false;
        try
        {
            using var message = Message(request, body);
            wait.Begin(timeouts.FirstByte, UpstreamError.FirstByteTimeout, cancellation);
            var invoker = request.PublicAddressOnly ? _publicOnly : _direct;
            var response = await invoker.SendAsync(message, wait.Token);
            // The caller may reuse the body's memory once the head is here, so an upload still running ends first.
            await (body?.Sending ?? Task.CompletedTask).WaitAsync(wait.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var interruption = wait.End();
            if (interruption != UpstreamError.None)
            {
                response.Dispose();
                return new(null, interruption, true);
            }
            kept = true;
            return new(new HttpClientResponse(response, wait, timeouts.Idle), UpstreamError.None, true);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            var interruption = wait.End();
            var (error, sent, detail) = UpstreamFailure.Of(e);
            // Cut short: an upload that never began tells that there was no connection yet; without one, nobody can tell.
            return interruption != UpstreamError.None && error != UpstreamError.ConnectTimeout
                ? new(null, interruption, body is null || body.Sending is not null, detail)
                : new(null, error, sent, detail);
        }
        finally
        {
            if (!kept)
            {
                wait.Dispose();
            }
        }
    }

    public override ValueTask DisposeAsync()
    {
        _direct.Dispose();
        _publicOnly.Dispose();
        return ValueTask.CompletedTask;
    }

    private static HttpRequestMessage Message(UpstreamRequest request, PiecesContent? body)
    {
        // The target is sent as it stands: escaping it again would change what the caller signed or the provider compares.
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        if (!Uri.TryCreate(request.Origin.GetLeftPart(UriPartial.Authority) + request.Target, options, out var uri))
        {
            throw new HttpRequestException(HttpRequestError.Unknown, "the request target is no URL");
        }
        var message = new HttpRequestMessage(HttpMethod.Parse(request.Method), uri)
        {
            Content = body,
            Version = request.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = request.Http2 && request.Origin.Scheme == Uri.UriSchemeHttp ? HttpVersionPolicy.RequestVersionExact : HttpVersionPolicy.RequestVersionOrLower,
        };
        foreach (var (name, value) in request.Headers)
        {
            if (!RequestHeadRules.IsOurs(name) && !message.Headers.TryAddWithoutValidation(name, value))
            {
                body?.Headers.TryAddWithoutValidation(name, value);
            }
        }
        return message;
    }

    private static SocketsHttpHandler Handler(UpstreamOptions options, IWebProxy? proxy, TrustedRoots? roots, bool publicOnly)
    {
        var connector = new UpstreamConnector(options.Timeouts.Connect, options.Clock, roots);
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            UseProxy = proxy is not null,
            Proxy = proxy,
            EnableMultipleHttp2Connections = true,
            PooledConnectionLifetime = options.ConnectionLifetime,
            PooledConnectionIdleTimeout = options.IdleLifetime,
            ConnectTimeout = options.Timeouts.Connect,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            MaxResponseHeadersLength = 64,
            // An answer given up half way is dropped at once: draining it would make the provider go on writing.
            MaxResponseDrainSize = 0,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = roots is null ? null : roots.Validate },
            ConnectCallback = async (context, cancellation) =>
            {
                var made = await connector.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, tls: false, publicOnly, cancellation);
                return made.Socket is null ? throw new UpstreamConnectException(made.Error, made.Detail) : new NetworkStream(made.Socket, ownsSocket: true);
            },
        };
    }
}
