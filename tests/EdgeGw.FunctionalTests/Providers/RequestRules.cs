using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.FunctionalTests.Providers;

/// <summary>What must never reach a provider, whoever called.</summary>
internal static partial class RequestRules
{
    [GeneratedRegex(@"\bey[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")]
    private static partial Regex Token();

    // RFC 9110 section 7.6.1: these speak of one connection and are not for the next hop.
    private static readonly string[] HopByHop = ["Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "TE", "Trailer", "Upgrade"];

    public static void Check(HttpRequest request, ProviderLedger ledger)
    {
        var where = $"{request.Method} {request.Path}";
        foreach (var (name, value) in request.Headers)
        {
            if (value.ToString().Contains("egw_", StringComparison.Ordinal))
            {
                ledger.Violate($"{where}: a virtual key in {name}");
            }
            if (Token().IsMatch(value.ToString()))
            {
                ledger.Violate($"{where}: a caller's token in {name}");
            }
            if (name.Replace('_', '-').StartsWith("cf-access-", StringComparison.OrdinalIgnoreCase))
            {
                ledger.Violate($"{where}: a header of the caller's identity, {name}");
            }
            if (name.StartsWith("x-edgegw-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("cf-aig-", StringComparison.OrdinalIgnoreCase))
            {
                ledger.Violate($"{where}: the gateway's own header {name}");
            }
        }
        if (request.QueryString.Value?.Contains("egw_", StringComparison.Ordinal) == true)
        {
            ledger.Violate($"{where}: a virtual key in the query");
        }
        foreach (var name in HopByHop)
        {
            if (request.Headers.ContainsKey(name))
            {
                ledger.Violate($"{where}: hop-by-hop header {name}");
            }
        }
        if (request.Headers.ContentLength is not null && request.Headers.ContainsKey("Transfer-Encoding"))
        {
            ledger.Violate($"{where}: both Content-Length and Transfer-Encoding");
        }
    }
}
