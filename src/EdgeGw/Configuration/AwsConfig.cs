namespace EdgeGw.Configuration;

/// <summary>How requests to an AWS provider are signed.</summary>
/// <param name="Region">Such as <c>eu-central-1</c>; part of every signature.</param>
/// <param name="Service">As signatures name it: <c>bedrock</c>, or <c>bedrock-mantle</c>.</param>
public sealed record AwsConfig(string Region, string Service, AwsCredentialConfig Credentials);

/// <summary>Where AWS credentials come from.</summary>
/// <param name="Source">As <c>credentials</c> takes it, or <c>keys</c>.</param>
public abstract record AwsCredentialConfig(string Source)
{
    /// <summary>The source only: the generated text would hold secrets.</summary>
    public sealed override string ToString() => Source;
}

/// <summary>Keys that stand in the configuration or the environment.</summary>
/// <param name="SessionToken">Null: long-term keys have none.</param>
public sealed record AwsStaticKeys(string AccessKeyId, string SecretAccessKey, string? SessionToken) : AwsCredentialConfig("keys");

/// <summary>The local endpoint of ECS task roles and EKS Pod Identity.</summary>
/// <param name="Token">Sent as <c>Authorization</c>; null: none.</param>
/// <param name="TokenFile">Holds the token instead; read each time.</param>
public sealed record AwsContainerEndpoint(Uri Uri, string? Token, string? TokenFile) : AwsCredentialConfig("container");

/// <summary>The role of an EC2 instance.</summary>
/// <param name="Endpoint">Of the metadata service.</param>
public sealed record AwsInstanceMetadata(Uri Endpoint) : AwsCredentialConfig("instance");

/// <summary>A role assumed with an identity token (EKS service accounts).</summary>
/// <param name="Sts">The regional endpoint of the Security Token Service.</param>
public sealed record AwsWebIdentity(string RoleArn, string TokenFile, string SessionName, Uri Sts) : AwsCredentialConfig("web-identity");

/// <summary>A profile with keys in the shared credentials file.</summary>
public sealed record AwsProfile(string File, string Profile) : AwsCredentialConfig("profile");
