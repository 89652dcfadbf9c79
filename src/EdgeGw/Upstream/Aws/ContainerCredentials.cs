using EdgeGw.Configuration;

namespace EdgeGw.Upstream.Aws;

/// <summary>ECS task roles and EKS Pod Identity: a local endpoint, asked with a token that may be replaced in its file at any time.</summary>
internal sealed class ContainerCredentials(AwsContainerEndpoint endpoint) : IAwsCredentialFetcher
{
    private const string Source = "the container's credentials endpoint";

    public async Task<AwsCredentialsResult> FetchAsync(CancellationToken cancellation)
    {
        var token = endpoint.Token;
        if (endpoint.TokenFile is { } file)
        {
            (token, var unreadable) = await SmallFile.ReadAsync(file, cancellation);
            if (unreadable is not null)
            {
                return new(null, unreadable);
            }
        }
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint.Uri);
        if (token is not null && (token.AsSpan().ContainsAny('\r', '\n') || !request.Headers.TryAddWithoutValidation("Authorization", token)))
        {
            return new(null, "the container's authorization token cannot be sent");
        }
        var (body, fault) = await MetadataClient.SendAsync(request, cancellation);
        return body is null ? new(null, fault) : CredentialsJson.Parse(body, Source);
    }
}
