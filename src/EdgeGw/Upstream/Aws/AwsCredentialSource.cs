using EdgeGw.Configuration;

namespace EdgeGw.Upstream.Aws;

/// <summary>Where a provider's AWS credentials come from.</summary>
public abstract class AwsCredentialSource
{
    /// <summary>Credentials that are valid now. Completes at once while those at hand are fresh; failures are values.</summary>
    public abstract ValueTask<AwsCredentialsResult> GetAsync(CancellationToken cancellation);

    /// <summary>The source that a configuration names.</summary>
    public static AwsCredentialSource Of(AwsCredentialConfig config, TimeProvider time) => config switch
    {
        AwsStaticKeys keys => new StaticCredentials(new AwsCredentials(keys.AccessKeyId, keys.SecretAccessKey, keys.SessionToken)),
        AwsContainerEndpoint container => new RefreshingCredentials(new ContainerCredentials(container), time),
        AwsInstanceMetadata instance => new RefreshingCredentials(new InstanceCredentials(instance), time),
        AwsWebIdentity identity => new RefreshingCredentials(new WebIdentityCredentials(identity), time),
        AwsProfile profile => new RefreshingCredentials(new ProfileCredentials(profile), time),
        _ => throw new ArgumentException($"no source for {config.GetType().Name}", nameof(config)),
    };
}

/// <summary>Fetches credentials once; <see cref="RefreshingCredentials"/> decides when.</summary>
internal interface IAwsCredentialFetcher
{
    /// <summary>Failures that the outside may cause are values.</summary>
    Task<AwsCredentialsResult> FetchAsync(CancellationToken cancellation);
}
