using System.Globalization;
using System.Net;

namespace EdgeGw.Configuration;

/// <summary>Addresses to listen on: <c>127.0.0.1:8080</c>, <c>0.0.0.0:8080</c>, <c>[::]:8080</c>, <c>localhost:8080</c>.</summary>
public static class EndpointText
{
    /// <summary>What a message may say about the form.</summary>
    public const string Expected = "must be an address and a port, like 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080";

    /// <remarks>Stricter than <see cref="IPEndPoint.TryParse(string, out IPEndPoint?)"/>, which reads <c>8080</c> as the address 0.0.31.144.</remarks>
    public static bool TryParse(string text, out IPEndPoint endpoint)
    {
        endpoint = new IPEndPoint(IPAddress.Loopback, 0);
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return false;
        }
        var host = text[..colon];
        if (host == "localhost")
        {
            endpoint = new IPEndPoint(IPAddress.Loopback, port);
            return true;
        }
        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (!IPAddress.TryParse(bracketed ? host[1..^1] : host, out var address) || bracketed != host.Contains(':')
            || (!bracketed && host.Count(c => c == '.') != 3))
        {
            return false;
        }
        endpoint = new IPEndPoint(address, port);
        return true;
    }

    /// <summary>Two listeners cannot share a port on one address, nor on all of them.</summary>
    internal static bool Collide(IPEndPoint a, IPEndPoint b) =>
        a.Port == b.Port && a.Port != 0 && (a.Address.Equals(b.Address) || IsAny(a.Address) || IsAny(b.Address));

    internal static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
