using System.Security.Cryptography;
using System.Text;
using EdgeGw.Configuration;

namespace EdgeGw.Alerts;

/// <summary>The signature of Standard Webhooks (standardwebhooks.com): HMAC-SHA256 of id, time and body.</summary>
internal static class WebhookSignature
{
    /// <param name="secret">As the configuration has it; it was checked there.</param>
    /// <param name="timestamp">Seconds of Unix time.</param>
    public static string Of(string secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var key = WebhookSecret.KeyOf(secret) ?? throw new ArgumentException("no secret of a webhook", nameof(secret));
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hash.AppendData(body);
        return "v1," + Convert.ToBase64String(hash.GetHashAndReset());
    }
}
