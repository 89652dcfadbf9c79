using System.Net;
using System.Text;
using EdgeGw.Configuration;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace EdgeGw.Identity.Tokens;

/// <summary>Asks issuers, and who speaks for them: no redirects, nothing larger than 256 KiB, nothing slower than ten seconds.</summary>
/// <param name="handler">Null: the platform's own.</param>
public sealed class IssuerDocuments(TimeProvider time, HttpMessageHandler? handler = null) : IDisposable
{
    private const int LongestAnswer = 256 * 1024;

    /// <summary>For all that one purpose needs.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _http = new(handler ?? new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    });

    /// <summary>The keys, or why there are none, in words that hold nothing of an answer.</summary>
    internal async Task<Fetched<KeySet>> KeysAsync(JwtConfig issuer)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        var uri = issuer.JwksUri;
        if (uri is null)
        {
            var discovery = new Uri(issuer.Issuer.TrimEnd('/') + "/.well-known/openid-configuration");
            var document = await GetAsync(discovery, null, patience.Token);
            if (document.Value is null)
            {
                return new(null, document.Fault, document.IsInvalid);
            }
            if (KeysOf(document.Value, issuer, out var fault) is not { } found)
            {
                return new(null, $"{discovery} {fault}", IsInvalid: true);
            }
            uri = found;
        }
        var keys = await GetAsync(uri, null, patience.Token);
        if (keys.Value is null)
        {
            return new(null, keys.Fault, keys.IsInvalid);
        }
        return KeySet.Parse(keys.Value) is { } set ? new(set, null) : new(null, $"{uri} holds no key that signatures can be verified with", IsInvalid: true);
    }

    /// <summary>A document that only the bearer of the token may read.</summary>
    internal async Task<Fetched<string>> WithTokenAsync(Uri uri, string cookie, string token)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        return await GetAsync(uri, $"{cookie}={token}", patience.Token);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Where the discovery document of exactly this issuer has its keys: on the issuer's own host.</summary>
    private static Uri? KeysOf(string document, JwtConfig issuer, out string? fault)
    {
        OpenIdConnectConfiguration discovered;
        try
        {
            discovered = OpenIdConnectConfiguration.Create(document);
        }
        catch (Exception failure) when (failure is ArgumentException or System.Text.Json.JsonException)
        {
            fault = "is no discovery document";
            return null;
        }
        var own = new Uri(issuer.Issuer);
        fault = discovered.Issuer != issuer.Issuer ? "is of another issuer than the configured one"
            : !Uri.TryCreate(discovered.JwksUri, UriKind.Absolute, out var uri) ? "names no keys"
            : uri.Scheme != own.Scheme || !string.Equals(uri.Authority, own.Authority, StringComparison.OrdinalIgnoreCase)
                ? "names keys on another host; if that is right, say so in \"jwks_uri\""
            : null;
        return fault is null ? new Uri(discovered.JwksUri) : null;
    }

    private async Task<Fetched<string>> GetAsync(Uri uri, string? cookie, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }
        return await SendAsync(request, uri.ToString(), cancellation);
    }

    /// <summary>The body of a 200, or why there is none.</summary>
    /// <param name="shown">The address as faults may tell it.</param>
    internal async Task<Fetched<string>> SendAsync(HttpRequestMessage request, string shown, CancellationToken cancellation)
    {
        try
        {
            request.Headers.Add("Accept", "application/json");
            using var response = await _http.SendAsync(request, cancellation);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return new(null, $"{shown} answered {(int)response.StatusCode}");
            }
            await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
            var body = new byte[LongestAnswer + 1];
            var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellation);
            return length > LongestAnswer ? new(null, $"{shown} answered with more than 256 KiB", IsInvalid: true) : new(Encoding.UTF8.GetString(body, 0, length), null);
        }
        catch (OperationCanceledException)
        {
            return new(null, $"{shown} did not answer in time");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new(null, $"{shown} cannot be asked ({(failure as HttpRequestException)?.HttpRequestError.ToString() ?? "it broke off"})");
        }
    }
}

/// <summary>What was fetched, or why it was not.</summary>
/// <param name="IsInvalid">An answer came, and it cannot be used.</param>
internal readonly record struct Fetched<T>(T? Value, string? Fault, bool IsInvalid = false)
    where T : class;
