namespace EdgeGw.Upstream;

/// <summary>The value of the <c>Host</c> field (HTTP/2: <c>:authority</c>) that both transports send, which a signature covers.</summary>
internal static class HostField
{
    /// <summary>With brackets for IPv6, with the port unless it is the scheme's own.</summary>
    public static string Of(Uri origin) =>
        (origin.HostNameType == UriHostNameType.IPv6 ? $"[{origin.IdnHost}]" : origin.IdnHost) + (origin.IsDefaultPort ? "" : $":{origin.Port}");
}
