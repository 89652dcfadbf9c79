using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace EdgeGw.Upstream.Net;

/// <summary>A connected socket, with TLS on it where asked for; or why there is none.</summary>
internal readonly record struct ConnectResult(Socket? Socket, SslStream? Tls, UpstreamError Error, string? Detail = null);

/// <summary>Resolves a name, tries its addresses in order, and speaks TLS. Connects only to an address that it has itself judged, so a second look-up cannot swap it.</summary>
internal sealed class UpstreamConnector(TimeSpan timeout, TimeProvider clock, TrustedRoots? roots)
{
    private static readonly List<SslApplicationProtocol> Http11Only = [SslApplicationProtocol.Http11];

    public async ValueTask<ConnectResult> ConnectAsync(string host, int port, bool tls, bool publicOnly, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(timeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        Socket? socket = null;
        try
        {
            var (addresses, refusal) = await ResolveAsync(host, publicOnly, linked.Token);
            if (refusal is not null)
            {
                return new(null, null, UpstreamError.Resolve, refusal);
            }
            (socket, var fault) = await ConnectAnyAsync(addresses, port, linked.Token);
            if (socket is null)
            {
                return new(null, null, UpstreamError.Connect, $"cannot connect to {host}:{port}: {fault}");
            }
            var secured = tls ? await SecureAsync(socket, host, linked.Token) : null;
            var result = new ConnectResult(socket, secured, UpstreamError.None);
            socket = null;
            return result;
        }
        catch (OperationCanceledException)
        {
            return cancellation.IsCancellationRequested
                ? new(null, null, UpstreamError.Cancelled)
                : new(null, null, UpstreamError.ConnectTimeout, $"no connection to {host}:{port} within {timeout.TotalSeconds:0.###} s");
        }
        catch (Exception e) when (e is AuthenticationException or IOException or SocketException or ObjectDisposedException)
        {
            return new(null, null, UpstreamError.Connect, $"TLS with {host}:{port} failed: {e.Message}");
        }
        finally
        {
            socket?.Close(0);
        }
    }

    /// <summary>Addresses to try, or why none may be.</summary>
    private static async ValueTask<(IPAddress[] Addresses, string? Refusal)> ResolveAsync(string host, bool publicOnly, CancellationToken cancellation)
    {
        IPAddress[] addresses;
        if (IPAddress.TryParse(host, out var literal))
        {
            addresses = [literal];
        }
        else
        {
            try
            {
                addresses = await Dns.GetHostAddressesAsync(host, cancellation);
            }
            catch (SocketException e)
            {
                return ([], $"{host} does not resolve: {e.SocketErrorCode}");
            }
        }
        if (addresses.Length == 0)
        {
            return ([], $"{host} has no address");
        }
        if (publicOnly && Array.Exists(addresses, static a => !AddressPolicy.IsPublic(a)))
        {
            return ([], $"{host} resolves to an address that is not public; set base_url in the configuration to allow this host");
        }
        return (addresses, null);
    }

    private async ValueTask<(Socket? Socket, string? Fault)> ConnectAnyAsync(IPAddress[] addresses, int port, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        string? fault = null;
        for (var i = 0; i < addresses.Length; i++)
        {
            // A share of what is left for each address, so that a black-holed one (often IPv6) leaves time for the next.
            var share = (timeout - clock.GetElapsedTime(started)) / (addresses.Length - i);
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            using var timer = addresses.Length > 1 && share > TimeSpan.Zero ? new CancellationTokenSource(share, clock) : null;
            using var link = timer?.Token.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), attempt);
            Socket? socket = null;
            try
            {
                socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(new IPEndPoint(addresses[i], port), attempt.Token);
                var connected = socket;
                socket = null;
                return (connected, null);
            }
            catch (SocketException e)
            {
                fault = e.SocketErrorCode.ToString();
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && i < addresses.Length - 1)
            {
                fault = nameof(SocketError.TimedOut);
            }
            finally
            {
                socket?.Dispose();
            }
        }
        return (null, fault);
    }

    private async ValueTask<SslStream> SecureAsync(Socket socket, string host, CancellationToken cancellation)
    {
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        var done = false;
        try
        {
            await tls.AuthenticateAsClientAsync(Authentication(host, Http11Only, roots), cancellation);
            done = true;
            return tls;
        }
        finally
        {
            if (!done)
            {
                await tls.DisposeAsync();
            }
        }
    }

    /// <summary>The name is checked against the certificate and sent as SNI. The system decides protocol versions.</summary>
    internal static SslClientAuthenticationOptions Authentication(string host, List<SslApplicationProtocol>? protocols, TrustedRoots? roots) => new()
    {
        TargetHost = host,
        ApplicationProtocols = protocols,
        RemoteCertificateValidationCallback = roots is null ? null : roots.Validate,
    };
}
