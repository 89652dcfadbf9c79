using System.Globalization;
using System.Xml;
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

    internal static AwsCredentialsResult Parse(string xml)
    {
        string? id = null, secret = null, token = null, expiration = null;
        try
        {
            using var reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            while (reader.ReadToFollowing("Credentials"))
            {
                using var credentials = reader.ReadSubtree();
                credentials.Read();
                credentials.Read();
                while (!credentials.EOF)
                {
                    if (credentials.NodeType != XmlNodeType.Element)
                    {
                        credentials.Read();
                        continue;
                    }
                    var name = credentials.LocalName;
                    var value = credentials.ReadElementContentAsString();
                    id = name == "AccessKeyId" ? value : id;
                    secret = name == "SecretAccessKey" ? value : secret;
                    token = name == "SessionToken" ? value : token;
                    expiration = name == "Expiration" ? value : expiration;
                }
            }
        }
        catch (XmlException)
        {
            // Said below: the exception's text could quote the body.
            id = null;
        }
        return !string.IsNullOrEmpty(id) && !string.IsNullOrEmpty(secret)
            && DateTimeOffset.TryParse(expiration, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var expires)
            ? CredentialsJson.Sendable(new AwsCredentials(id, secret, token, expires), "STS")
            : new(null, "STS did not answer with credentials");
    }
}
