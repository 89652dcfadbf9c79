using EdgeGw.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace EdgeGw.Admin;

/// <summary>Who may come in: host, origin, token. Says why not, and counts it.</summary>
internal sealed class AdminGate(AdminToken token, AdminOptions options, GatewayMetrics metrics)
{
    private const string Scheme = "Bearer ";

    internal static readonly AdminError WrongHost = new(421, "host_not_allowed", "This host name is not served here.");
    internal static readonly AdminError CrossOrigin = new(403, "cross_origin", "Requests from other origins are refused.");
    internal static readonly AdminError NoToken = new(401, "token_missing", "Send the admin token as 'Authorization: Bearer ...'.");
    internal static readonly AdminError WrongToken = new(401, "token_invalid", "The admin token is wrong.");

    internal AdminError? CheckHost(HttpRequest request)
    {
        if (options.Hosts.Count == 0)
        {
            return null;
        }
        foreach (var host in options.Hosts)
        {
            if (request.Host.Host.Equals(host, StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }
        }
        return Denied(WrongHost);
    }

    /// <summary>Token and origin. The origin is checked although a token is no ambient credential: a leaked one must not work from a web page either.</summary>
    internal AdminError? CheckCaller(HttpRequest request)
    {
        if (!IsSameOrigin(request))
        {
            return Denied(CrossOrigin);
        }
        var authorization = request.Headers.Authorization;
        if (authorization.Count != 1 || Token(authorization) is not { Length: > 0 } presented)
        {
            return Denied(NoToken);
        }
        return token.Matches(presented) ? null : Denied(WrongToken);
    }

    private static string? Token(StringValues authorization)
    {
        var value = authorization.ToString();
        return value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? value[Scheme.Length..].Trim() : null;
    }

    private static bool IsSameOrigin(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0 && site.ToString() is not ("same-origin" or "none"))
        {
            return false;
        }
        var origin = request.Headers.Origin;
        return origin.Count == 0
            || (origin.Count == 1 && Uri.TryCreate(origin.ToString(), UriKind.Absolute, out var uri)
                && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    private AdminError Denied(AdminError error)
    {
        metrics.AdminDenied.With(error.Code).Increment();
        return error;
    }
}
