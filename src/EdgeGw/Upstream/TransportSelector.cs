using System.Net;
using System.Runtime.CompilerServices;
using EdgeGw.Upstream.Http1;
using EdgeGw.Upstream.Http2;

namespace EdgeGw.Upstream;

/// <summary>The transport that fits each request: our own for HTTP/1.1, the platform's for HTTP/2 and for proxies.</summary>
public sealed class TransportSelector : UpstreamTransport
{
    private readonly Http1Transport _http1;
    private readonly Lazy<HttpClientTransport> _http2;
    private readonly Lazy<HttpClientTransport> _proxied;
    private readonly IWebProxy? _proxy;
    private readonly ConditionalWeakTable<Uri, object> _isProxied = [];

    /// <exception cref="IOException">The extra roots' file cannot be read.</exception>
    public TransportSelector(UpstreamOptions options)
        : this(options, options.UseEnvironmentProxy ? HttpClient.DefaultProxy : null)
    {
    }

    internal TransportSelector(UpstreamOptions options, IWebProxy? proxy)
    {
        _proxy = proxy;
        _http1 = new Http1Transport(options);
        _http2 = new(() => new HttpClientTransport(options));
        _proxied = new(() => new HttpClientTransport(options, _proxy));
    }

    public override ValueTask<UpstreamResult> SendAsync(UpstreamRequest request, CancellationToken cancellation) =>
        For(request).SendAsync(request, cancellation);

    /// <summary>The platform's handler closes an unused connection by itself, after <see cref="UpstreamOptions.IdleLifetime"/>.</summary>
    public override void KeepOnly(IReadOnlySet<UpstreamOrigin> origins) => _http1.KeepOnly(origins);

    public override async ValueTask DisposeAsync()
    {
        await _http1.DisposeAsync();
        if (_http2.IsValueCreated)
        {
            await _http2.Value.DisposeAsync();
        }
        if (_proxied.IsValueCreated)
        {
            await _proxied.Value.DisposeAsync();
        }
    }

    internal UpstreamTransport For(UpstreamRequest request) =>
        IsProxied(request.Origin) ? _proxied.Value : request.Http2 ? _http2.Value : _http1;

    private bool IsProxied(Uri origin)
    {
        if (_proxy is null)
        {
            return false;
        }
        if (!_isProxied.TryGetValue(origin, out var known))
        {
            known = !origin.IsLoopback && !_proxy.IsBypassed(origin) && _proxy.GetProxy(origin) is { } via && via != origin;
            _isProxied.AddOrUpdate(origin, known);
        }
        return (bool)known;
    }
}
