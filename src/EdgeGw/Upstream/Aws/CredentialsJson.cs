using System.Globalization;
using System.Text.Json;

namespace EdgeGw.Upstream.Aws;

/// <summary>What the container and instance endpoints answer: <c>{"AccessKeyId", "SecretAccessKey", "Token", "Expiration"}</c>.</summary>
internal static class CredentialsJson
{
    /// <param name="source">Who said it, for the fault.</param>
    public static AwsCredentialsResult Parse(string body, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            // EC2 answers 200 also where it has none: {"Code": "AssumeRoleUnauthorizedAccess"}.
            if (root.ValueKind == JsonValueKind.Object && Text(root, "AccessKeyId") is { Length: > 0 } id && Text(root, "SecretAccessKey") is { Length: > 0 } secret
                && TryExpiration(root, out var expires))
            {
                return Sendable(new AwsCredentials(id, secret, Text(root, "Token"), expires), source);
            }
        }
        catch (JsonException)
        {
            // Said below: the exception's text could quote the body.
        }
        return new(null, $"{source} did not answer with credentials");
    }

    /// <summary>Refuses what would not be a header's value.</summary>
    public static AwsCredentialsResult Sendable(AwsCredentials credentials, string source) =>
        IsPlain(credentials.AccessKeyId) && (credentials.SessionToken is null || IsPlain(credentials.SessionToken))
            ? new(credentials, null)
            : new(null, $"the credentials from {source} hold characters that cannot be sent");

    private static bool IsPlain(string text) => text.All(static c => c is > ' ' and < '\x7f');

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool TryExpiration(JsonElement root, out DateTimeOffset? expires)
    {
        expires = null;
        if (!root.TryGetProperty("Expiration", out _))
        {
            return true;
        }
        var parsed = DateTimeOffset.TryParse(Text(root, "Expiration"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        expires = time;
        return parsed;
    }
}
