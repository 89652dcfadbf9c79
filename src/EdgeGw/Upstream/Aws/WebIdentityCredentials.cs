using System.Globalization;
using EdgeGw.Configuration;

namespace EdgeGw.Upstream.Aws;

/// <summary>A role assumed with an identity token (EKS service accounts): <c>sts:AssumeRoleWithWebIdentity</c>, which takes no signature.</summary>
internal sealed class WebIdentityCredentials(AwsWebIdentity identity) : IAwsCredentialFetcher
{
    public async Task<AwsCredentialsResult> FetchAsync(CancellationToken cancellation)
    {
        // Read each time: Kubernetes replaces the token long before it expires.
        var (token, fault) = await SmallFile.ReadAsync(identity.TokenFile, cancellation);
        if (token is null)
        {
            return new(null, fault);
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, identity.Sts)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["Action"] = "AssumeRoleWithWebIdentity",
                ["Version"] = "2011-06-15",
                ["RoleArn"] = identity.RoleArn,
                ["RoleSessionName"] = identity.SessionName,
                ["WebIdentityToken"] = token,
            }),
        };
        (var body, fault) = await MetadataClient.SendAsync(request, cancellation, useProxy: true);
        return body is null ? new(null, $"role {identity.RoleArn} was not assumed: {fault}") : Parse(body);
    }

    /// <remarks>Four values that hold neither markup nor entities; a document type or an entity is never interpreted.</remarks>
    internal static AwsCredentialsResult Parse(string xml)
    {
        var credentials = ContentOf("Credentials", xml);
        var id = TextOf("AccessKeyId", credentials);
        var secret = TextOf("SecretAccessKey", credentials);
        return id.Length > 0 && secret.Length > 0
            && DateTimeOffset.TryParse(TextOf("Expiration", credentials), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var expires)
            ? CredentialsJson.Sendable(new AwsCredentials(id.ToString(), secret.ToString(), TextOf("SessionToken", credentials).ToString(), expires), "STS")
            : new(null, "STS did not answer with credentials");
    }

    private static ReadOnlySpan<char> TextOf(string element, ReadOnlySpan<char> xml)
    {
        var content = ContentOf(element, xml).Trim();
        return content.ContainsAny('<', '&') ? default : content;
    }

    /// <summary>What stands between an element's tags; empty when it is not there.</summary>
    private static ReadOnlySpan<char> ContentOf(string element, ReadOnlySpan<char> xml)
    {
        var start = xml.IndexOf($"<{element}>", StringComparison.Ordinal);
        if (start < 0)
        {
            return default;
        }
        xml = xml[(start + element.Length + 2)..];
        var end = xml.IndexOf($"</{element}>", StringComparison.Ordinal);
        return end < 0 ? default : xml[..end];
    }
}
