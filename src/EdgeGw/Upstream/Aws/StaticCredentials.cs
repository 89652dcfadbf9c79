namespace EdgeGw.Upstream.Aws;

/// <summary>Credentials from the configuration, for as long as the process runs.</summary>
internal sealed class StaticCredentials(AwsCredentials credentials) : AwsCredentialSource
{
    private readonly AwsCredentialsResult _result = new(credentials, null);

    public override ValueTask<AwsCredentialsResult> GetAsync(CancellationToken cancellation) => new(_result);
}
