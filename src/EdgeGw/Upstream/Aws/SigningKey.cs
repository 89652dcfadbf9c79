using System.Security.Cryptography;
using System.Text;

namespace EdgeGw.Upstream.Aws;

/// <summary>The key that signs: derived from the secret for one day, region and service, so that it is worth little elsewhere.</summary>
internal static class SigningKey
{
    public const int Length = SHA256.HashSizeInBytes;

    /// <param name="date">yyyyMMdd, UTC.</param>
    public static byte[] Derive(string secret, ReadOnlySpan<char> date, string region, string service)
    {
        var key = Hmac(Encoding.UTF8.GetBytes("AWS4" + secret), date);
        key = Hmac(key, region);
        key = Hmac(key, service);
        return Hmac(key, "aws4_request");
    }

    private static byte[] Hmac(byte[] key, ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        var mac = HMACSHA256.HashData(key, bytes);
        CryptographicOperations.ZeroMemory(key);
        return mac;
    }
}
