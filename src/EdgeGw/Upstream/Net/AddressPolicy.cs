using System.Net;
using System.Net.Sockets;

namespace EdgeGw.Upstream.Net;

/// <summary>Tells addresses of the public internet from those that only reach into our own network.</summary>
internal static class AddressPolicy
{
    /// <summary>False for loopback, private, link-local (cloud metadata lives there), shared, benchmark, multicast and reserved ranges (RFC 6890).</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return address.AddressFamily == AddressFamily.InterNetwork ? IsPublicV4(bytes[..length]) : IsPublicV6(bytes[..length]);
    }

    private static bool IsPublicV4(ReadOnlySpan<byte> a) => a[0] switch
    {
        0 or 10 or 127 or >= 224 => false,
        100 => (a[1] & 0xC0) != 64,
        169 => a[1] != 254,
        172 => (a[1] & 0xF0) != 16,
        192 => a[1] != 168 && !(a[1] == 0 && a[2] is 0 or 2),
        198 => (a[1] & 0xFE) != 18 && !(a[1] == 51 && a[2] == 100),
        203 => !(a[1] == 0 && a[2] == 113),
        _ => true,
    };

    private static bool IsPublicV6(ReadOnlySpan<byte> a)
    {
        // 64:ff9b::/96 (NAT64) and 2002::/16 (6to4) carry an IPv4 address: judged by that.
        if (a[0] == 0x00 && a[1] == 0x64 && a[2] == 0xFF && a[3] == 0x9B)
        {
            return IsPublicV4(a[12..]);
        }
        if (a[0] == 0x20 && a[1] == 0x02)
        {
            return IsPublicV4(a[2..6]);
        }
        // Only 2000::/3 is global unicast; 2001:db8::/32 is for documents.
        return (a[0] & 0xE0) == 0x20 && !(a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0D && a[3] == 0xB8);
    }
}
