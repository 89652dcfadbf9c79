using System.Net;
using EdgeGw.Upstream.Net;

namespace EdgeGw.Configuration.Binding;

/// <summary>Where events may be sent. Messages never quote the address: its path or query is often the receiver's secret.</summary>
internal static class WebhookUrlRule
{
    /// <summary>Null when the address is fine.</summary>
    public static string? Check(string text, out Uri? uri)
    {
        if (BaseUrlRule.CheckAddress(text, "secret", out uri) is { } fault)
        {
            return fault;
        }
        return uri!.Scheme == Uri.UriSchemeHttps || IsInside(uri) ? null : "must be https://; plain http:// is only for a loopback or private address";
    }

    private static bool IsInside(Uri uri) =>
        uri.IsLoopback || (IPAddress.TryParse(uri.DnsSafeHost, out var address) && !AddressPolicy.IsPublic(address));
}
