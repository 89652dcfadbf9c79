using System.Net;

namespace EdgeGw.Configuration;

/// <summary>The variables that AWS's SDKs share.</summary>
internal static class AwsEnvironment
{
    private static readonly Uri InstanceMetadata = new("http://169.254.169.254/");
    private static readonly string[] ContainerHosts = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"];

    public static string? Region(IEnvironment environment) => Value(environment, "AWS_REGION") ?? Value(environment, "AWS_DEFAULT_REGION");

    /// <summary>Both keys, where both are set.</summary>
    public static AwsStaticKeys? Keys(IEnvironment environment) =>
        Value(environment, "AWS_ACCESS_KEY_ID") is { } id && Value(environment, "AWS_SECRET_ACCESS_KEY") is { } secret
            ? new AwsStaticKeys(id, secret, Value(environment, "AWS_SESSION_TOKEN"))
            : null;

    public static AwsCredentialConfig? Container(IEnvironment environment, out string? fault)
    {
        fault = null;
        var uri = default(Uri);
        if (Value(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") is { } relative)
        {
            uri = relative[0] == '/' && Uri.TryCreate("http://169.254.170.2" + relative, UriKind.Absolute, out var local) ? local : null;
            fault = uri is null ? "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is no path" : null;
        }
        else if (Value(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI") is { } full)
        {
            // As AWS's SDKs have it: the token goes to this machine, to the container hosts, or over TLS.
            uri = Uri.TryCreate(full, UriKind.Absolute, out var named) && (named.Scheme == Uri.UriSchemeHttps || (named.Scheme == Uri.UriSchemeHttp && IsLocal(named))) ? named : null;
            fault = uri is null ? "AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor an address of this machine" : null;
        }
        else
        {
            fault = "needs AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or AWS_CONTAINER_CREDENTIALS_FULL_URI, which ECS and EKS Pod Identity set";
        }
        return uri is null ? null
            : new AwsContainerEndpoint(uri, Value(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN"), Value(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));
    }

    public static AwsCredentialConfig? Instance(IEnvironment environment, out string? fault)
    {
        fault = null;
        if (Value(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT") is not { } named)
        {
            return new AwsInstanceMetadata(InstanceMetadata);
        }
        if (Uri.TryCreate(named.TrimEnd('/') + '/', UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https")
        {
            return new AwsInstanceMetadata(endpoint);
        }
        fault = "AWS_EC2_METADATA_SERVICE_ENDPOINT is no address";
        return null;
    }

    public static AwsCredentialConfig? WebIdentity(IEnvironment environment, string? region, out string? fault)
    {
        fault = null;
        var role = Value(environment, "AWS_ROLE_ARN");
        var file = Value(environment, "AWS_WEB_IDENTITY_TOKEN_FILE");
        if (role is null || file is null)
        {
            fault = "needs AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE, which EKS sets for service accounts with a role";
            return null;
        }
        var sts = region is null ? null : AwsEndpoint.Sts(region);
        if (Value(environment, "AWS_ENDPOINT_URL_STS") is { } named
            && !(Uri.TryCreate(named, UriKind.Absolute, out sts) && (sts.Scheme == Uri.UriSchemeHttps || IsLocal(sts))))
        {
            fault = "AWS_ENDPOINT_URL_STS is neither https nor an address of this machine";
            return null;
        }
        return sts is null ? null : new AwsWebIdentity(role, file, Value(environment, "AWS_ROLE_SESSION_NAME") ?? "edgegw", sts);
    }

    public static AwsCredentialConfig? Profile(IEnvironment environment, out string? fault)
    {
        fault = null;
        var file = Value(environment, "AWS_SHARED_CREDENTIALS_FILE");
        if (file is null && Value(environment, "HOME") is { } home)
        {
            file = Path.Combine(home, ".aws", "credentials");
        }
        if (file is null)
        {
            fault = "needs AWS_SHARED_CREDENTIALS_FILE or HOME";
            return null;
        }
        return new AwsProfile(file, Value(environment, "AWS_PROFILE") ?? "default");
    }

    private static bool IsLocal(Uri uri) =>
        uri.Scheme == Uri.UriSchemeHttp && (ContainerHosts.Contains(uri.Host) || uri.Host == "localhost" || (IPAddress.TryParse(uri.Host, out var address) && IPAddress.IsLoopback(address)));

    private static string? Value(IEnvironment environment, string name) => environment.Get(name) is { Length: > 0 } value ? value : null;
}
