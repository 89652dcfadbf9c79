using System.Text;

namespace EdgeGw.Configuration;

/// <summary>A webhook's secret as text: <c>whsec_</c> and base64, as Standard Webhooks writes it, or any other text, which stands for its own bytes.</summary>
internal static class WebhookSecret
{
    private const string Prefix = "whsec_";
    private const int ShortestKey = 16;
    private const int LongestText = 512;

    /// <summary>Null when the secret is fine. Never quotes it.</summary>
    public static string? Check(string text)
    {
        if (text.Length > LongestText)
        {
            return $"is longer than {LongestText} characters";
        }
        if (KeyOf(text) is not { } key)
        {
            return "is no base64 after \"whsec_\"";
        }
        return key.Length < ShortestKey ? $"is shorter than {ShortestKey} bytes, so it can be guessed; \"openssl rand -base64 32\" makes a good one" : null;
    }

    /// <summary>The key of the signature; null: the text is no base64 although it says so.</summary>
    public static byte[]? KeyOf(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes(text);
        }
        var key = new byte[text.Length];
        return Convert.TryFromBase64Chars(text.AsSpan(Prefix.Length), key, out var length) ? key[..length] : null;
    }
}
