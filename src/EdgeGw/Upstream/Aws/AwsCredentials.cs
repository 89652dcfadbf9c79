namespace EdgeGw.Upstream.Aws;

/// <summary>One set of AWS credentials. Compared by reference: new credentials are a new object.</summary>
/// <param name="sessionToken">Sent and signed as <c>x-amz-security-token</c>; null: long-term credentials have none.</param>
/// <param name="expires">When AWS stops to accept them; null: never.</param>
public sealed class AwsCredentials(string accessKeyId, string secretAccessKey, string? sessionToken = null, DateTimeOffset? expires = null)
{
    public string AccessKeyId { get; } = accessKeyId;

    public string SecretAccessKey { get; } = secretAccessKey;

    public string? SessionToken { get; } = string.IsNullOrEmpty(sessionToken) ? null : sessionToken;

    public DateTimeOffset? Expires { get; } = expires;

    /// <summary>Nothing of what it holds.</summary>
    public override string ToString() => "AWS credentials";
}

/// <summary>Credentials, or why there are none; both where a refresh failed and the old ones still hold.</summary>
/// <param name="Fault">For the log and, without credentials, for the caller: what is missing. Never a secret.</param>
public readonly record struct AwsCredentialsResult(AwsCredentials? Credentials, string? Fault);
