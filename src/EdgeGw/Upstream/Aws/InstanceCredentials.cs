using EdgeGw.Configuration;

namespace EdgeGw.Upstream.Aws;

/// <summary>The role of an EC2 instance, over version 2 of its metadata service: a session token first, then the role's name, then its credentials.</summary>
internal sealed class InstanceCredentials(AwsInstanceMetadata metadata) : IAwsCredentialFetcher
{
    private const string Role = "latest/meta-data/iam/security-credentials/";

    public async Task<AwsCredentialsResult> FetchAsync(CancellationToken cancellation)
    {
        var (session, fault) = await AskAsync(HttpMethod.Put, "latest/api/token", "x-aws-ec2-metadata-token-ttl-seconds", "60", cancellation);
        if (session is null)
        {
            return new(null, fault);
        }
        (var role, fault) = await AskAsync(HttpMethod.Get, Role, "x-aws-ec2-metadata-token", session, cancellation);
        if (role is null)
        {
            return new(null, fault);
        }
        var name = role.Split('\n', 2)[0].Trim();
        if (name.Length == 0)
        {
            return new(null, "this instance has no role");
        }
        (var body, fault) = await AskAsync(HttpMethod.Get, Role + Uri.EscapeDataString(name), "x-aws-ec2-metadata-token", session, cancellation);
        return body is null ? new(null, fault) : CredentialsJson.Parse(body, "the instance's metadata service");
    }

    private async Task<(string? Body, string? Fault)> AskAsync(HttpMethod method, string path, string header, string value, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(metadata.Endpoint, path));
        request.Headers.TryAddWithoutValidation(header, value);
        return await MetadataClient.SendAsync(request, cancellation);
    }
}
