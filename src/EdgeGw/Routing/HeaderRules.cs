using EdgeGw.Heads;
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

    /// <summary>Passes on those of the provider's headers that may pass.</summary>
    /// <param name="altered">The body's bytes are changed on the way, so its length and digests no longer hold.</param>
    internal static void ToCaller(UpstreamResponse response, AnswerHead caller, bool altered)
    {
        StringValues named = default;
        foreach (ref readonly var field in response.HeaderSpan)
        {
            if (field.Key.Length == "Connection".Length && field.Key.Equals("Connection", StringComparison.OrdinalIgnoreCase))
            {
                named = StringValues.Concat(named, field.Value);
            }
        }
        foreach (ref readonly var field in response.HeaderSpan)
        {
            var found = HeaderClasses.Of(field.Key);
            if ((found & HeaderClass.NotToCaller) != 0
                ? !altered && field.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
                : !(altered && (found & HeaderClass.OfBytes) != 0) && !IsNamed(field.Key, named))
            {
                caller.PassOn(field.Key, field.Value);
            }
        }
    }

    internal static bool Passes(string name, bool ownCredential, string? identityHeader)
    {
        var found = HeaderClasses.Of(name);
        return (found & HeaderClass.NotUpstream) == 0
            && ((found & (HeaderClass.Credential | HeaderClass.AccountSelector)) == 0 || (ownCredential && (found & HeaderClass.Underscored) == 0))
            && !(identityHeader is not null && IsSame(name, identityHeader));
    }

    /// <summary>A key of ours, in whatever header, is of no use to a provider and a secret besides.</summary>
    private static bool IsVirtualKey(string name, string value) => (HeaderClasses.Of(name) & HeaderClass.Credential) != 0 && value.Contains("egw_", StringComparison.OrdinalIgnoreCase);

    /// <summary>An AWS signature covers the host that the caller called: ours, so it holds nowhere else.</summary>
    private static bool IsSignature(string name, string value) =>
        name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && value.StartsWith("AWS4-", StringComparison.OrdinalIgnoreCase);

    private static bool Holds(string value, ReadOnlySpan<char> token) => !token.IsEmpty && value.AsSpan().Contains(token, StringComparison.Ordinal);

    private static bool IsOneOf(string[]? names, string name)
    {
        foreach (var other in names ?? [])
        {
            if (IsSame(name, other))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>A caller's header name is <paramref name="other"/>, or is read as it.</summary>
    private static bool IsSame(string name, string other) =>
        name.Length == other.Length && name.Replace('_', '-').Equals(other, StringComparison.OrdinalIgnoreCase);

    /// <summary>Listed in a Connection field.</summary>
    private static bool IsNamed(string name, StringValues connection)
    {
        for (var i = 0; i < connection.Count; i++)
        {
            var rest = connection[i].AsSpan();
            while (!rest.IsEmpty)
            {
                var comma = rest.IndexOf(',');
                var item = comma < 0 ? rest : rest[..comma];
                if (item.Length >= name.Length && item.Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
                rest = comma < 0 ? default : rest[(comma + 1)..];
            }
        }
        return false;
    }
}
