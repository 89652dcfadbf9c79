using System.Collections.Frozen;
using EdgeGw.Upstream;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace EdgeGw.Routing;

/// <summary>Which headers pass, in either direction.</summary>
/// <remarks>
/// Dropped towards the provider: what belongs to one hop (RFC 9110 section 7.6.1) or to us (credentials in every form, our own and
/// Cloudflare's headers, AWS's signatures), what tells of the caller's network (forwarded addresses, cookies, origin, trace context), and what picks an account
/// for the key we add. A name with <c>_</c> for <c>-</c> is judged like the one with <c>-</c>, since servers behind may read them alike.
/// Dropped towards the caller: one hop's headers again, and those by which a provider speaks for its own host
/// (cookies, Alt-Svc, HSTS, CORS, reports, redirects inside a fronting proxy), which is not the host that the caller sees.
/// </remarks>
public static class HeaderRules
{
    private const int MaxNameLength = 128;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> HopByHop = Set(
        "Connection", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "HTTP2-Settings");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Credentials = Set(
        "Authorization", "x-api-key", "x-goog-api-key", "api-key", "Ocp-Apim-Subscription-Key");

    /// <summary>Chooses who pays among the accounts of one credential: ours to decide when the credential is ours.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> AccountSelectors = Set(
        "OpenAI-Organization", "OpenAI-Project", "x-goog-user-project");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> NotUpstream = Set(
        "Host", "Content-Length", "Expect", "Accept-Encoding", "Cookie", "Cookie2", "Forwarded", "Via", "X-Real-IP", "True-Client-IP", "X-Client-IP",
        "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override", "Origin", "Referer", "traceparent", "tracestate", "baggage", "b3");

    private static readonly string[] NotUpstreamPrefixes =
    [
        "x-edgegw-", "cf-", "proxy-", "x-forwarded-", "sec-", "x-b3-", "x-envoy-", "x-amzn-", "x-amz-",
        // By which proxies in front of us say who calls.
        "x-auth-request-", "x-goog-iap-", "x-goog-authenticated-", "x-ms-client-principal", "x-ms-token-", "x-remote-", "remote-",
    ];

    /// <summary>Parameters of an <c>InvokeModel</c> call: guardrail, trace, latency, service tier.</summary>
    private const string BedrockPrefix = "x-amzn-bedrock-";

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> NotToCaller = Set(
        "Content-Length", "Set-Cookie", "Set-Cookie2", "Alt-Svc", "Server", "Strict-Transport-Security", "Public-Key-Pins", "NEL", "Report-To",
        "Reporting-Endpoints", "Expect-CT", "Clear-Site-Data");

    private static readonly string[] NotToCallerPrefixes = ["x-edgegw-", "cf-aig-", "proxy-", "access-control-", "x-accel-", "x-sendfile"];

    /// <summary>Copies the caller's headers that may pass and adds the provider's credential and <c>Accept-Encoding</c>.</summary>
    /// <param name="editsAnswer">The gateway has to change the answer's bytes, so they must come uncompressed.</param>
    /// <param name="passthrough">Where the provider has no key, the caller's own is passed on, except the header that identified the caller to us.</param>
    /// <param name="identityHeader">The header that carried the caller's identity; it never passes. Null: none did.</param>
    /// <param name="queryCredential">The caller's own provider key where it came in the query (<see cref="RouteResult.QueryCredential"/>) and did not identify the caller to us.</param>
    /// <param name="tokenHeaders">Headers in which tokens are looked for. They never pass.</param>
    /// <param name="token">The token that identified the caller to us: no header that holds it passes, whatever its name.</param>
    /// <returns>Null; or the name of a header whose value cannot be sent, for a 400.</returns>
    public static string? ToUpstream(
        IHeaderDictionary caller, UpstreamRequest request, in Target target, bool editsAnswer, bool passthrough = false, string? identityHeader = null,
        string? queryCredential = null, string[]? tokenHeaders = null, ReadOnlySpan<char> token = default)
    {
        var credential = target.Provider.Credential(target.Dialect);
        var ownCredential = passthrough && !target.Provider.HasKey;
        var named = caller.Connection;
        foreach (var (name, values) in caller)
        {
            if (Passes(name, ownCredential, identityHeader) && !IsNamed(name, named) && !IsOneOf(tokenHeaders, name))
            {
                foreach (var value in values)
                {
                    if (!Upstream.Http1.Http1Grammar.IsFieldValue(value))
                    {
                        return name;
                    }
                    if (value is not null && !(ownCredential && (IsVirtualKey(name, value) || IsSignature(name, value))) && !Holds(value, token))
                    {
                        request.Headers.Add(new(name, value));
                    }
                }
            }
        }
        request.Headers.Add(new("Accept-Encoding", editsAnswer ? "identity" : AcceptEncoding.Reduce(caller.AcceptEncoding)));
        if (credential is { } header)
        {
            request.Headers.Add(header);
        }
        else if (ownCredential && queryCredential is not null && !IsVirtualKey("x-goog-api-key", queryCredential) && !Holds(queryCredential, token))
        {
            if (!Upstream.Http1.Http1Grammar.IsFieldValue(queryCredential))
            {
                return "key";
            }
            request.Headers.Add(new("x-goog-api-key", queryCredential));
        }
        return null;
    }

    /// <summary>Copies the provider's headers that may pass.</summary>
    /// <param name="altered">The body's bytes are changed on the way, so its length and digests no longer hold.</param>
    public static void ToCaller(UpstreamResponse response, IHeaderDictionary caller, bool altered)
    {
        var headers = response.Headers;
        StringValues named = default;
        for (var i = 0; i < headers.Count; i++)
        {
            if (headers[i].Key.Equals("Connection", StringComparison.OrdinalIgnoreCase))
            {
                named = StringValues.Concat(named, headers[i].Value);
            }
        }
        for (var i = 0; i < headers.Count; i++)
        {
            var (name, value) = headers[i];
            if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) ? !altered : PassesToCaller(name, altered) && !IsNamed(name, named))
            {
                // The server in front of us refuses to send anything else, and would break off the whole answer.
                if (System.Text.Ascii.IsValid(value))
                {
                    caller[name] = caller.TryGetValue(name, out var before) && !IsSingle(name) ? StringValues.Concat(before, value) : value;
                }
            }
        }
    }

    internal static bool Passes(string name, bool ownCredential, string? identityHeader)
    {
        Span<char> buffer = stackalloc char[MaxNameLength];
        if (name.Length > MaxNameLength || name.Length == 0 || name[0] == ':')
        {
            return false;
        }
        name.AsSpan().Replace(buffer, '_', '-');
        ReadOnlySpan<char> canonical = buffer[..name.Length];
        if (Credentials.Contains(canonical) || AccountSelectors.Contains(canonical))
        {
            return ownCredential && !name.Contains('_') && !(identityHeader is not null && canonical.Equals(identityHeader, StringComparison.OrdinalIgnoreCase));
        }
        return !HopByHop.Contains(canonical) && !NotUpstream.Contains(canonical)
            && (!HasPrefix(canonical, NotUpstreamPrefixes) || name.StartsWith(BedrockPrefix, StringComparison.OrdinalIgnoreCase))
            && !(identityHeader is not null && canonical.Equals(identityHeader, StringComparison.OrdinalIgnoreCase));
    }

    private static bool PassesToCaller(string name, bool altered) =>
        !HopByHop.Contains(name) && !NotToCaller.Contains(name) && !HasPrefix(name, NotToCallerPrefixes)
        && !(altered && (name.Equals("Content-MD5", StringComparison.OrdinalIgnoreCase) || name.Equals("Digest", StringComparison.OrdinalIgnoreCase)
            || name.Equals("ETag", StringComparison.OrdinalIgnoreCase) || name.Equals("Accept-Ranges", StringComparison.OrdinalIgnoreCase)));

    /// <summary>A key of ours, in whatever header, is of no use to a provider and a secret besides.</summary>
    private static bool IsVirtualKey(string name, string value) => Credentials.Contains(name) && value.Contains("egw_", StringComparison.OrdinalIgnoreCase);

    /// <summary>An AWS signature covers the host that the caller called: ours, so it holds nowhere else.</summary>
    private static bool IsSignature(string name, string value) =>
        name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && value.StartsWith("AWS4-", StringComparison.OrdinalIgnoreCase);

    private static bool IsSingle(string name) =>
        name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase);

    private static bool Holds(string value, ReadOnlySpan<char> token) => !token.IsEmpty && value.AsSpan().Contains(token, StringComparison.Ordinal);

    private static bool IsOneOf(string[]? names, string name)
    {
        foreach (var other in names ?? [])
        {
            if (name.Length == other.Length && name.Replace('_', '-').Equals(other, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Listed in a Connection field.</summary>
    private static bool IsNamed(string name, StringValues connection)
    {
        for (var i = 0; i < connection.Count; i++)
        {
            var list = connection[i].AsSpan();
            foreach (var range in list.Split(','))
            {
                if (list[range].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }
        return false;
    }

    private static bool HasPrefix(ReadOnlySpan<char> name, string[] prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(params string[] names) =>
        names.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
