using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

/// <summary>What only AWS providers have: a region instead of an address, and credentials that sign instead of a key that is sent.</summary>
internal static class AwsBinder
{
    /// <summary>Names that other providers do not take.</summary>
    public static readonly string[] Names = ["region", "access_key_id", "secret_access_key", "session_token", "credentials"];

    /// <param name="provider">The whole provider, for faults of what is missing.</param>
    /// <param name="baseUrl">As configured; null: the region's own.</param>
    public static (Uri? BaseUrl, AwsConfig? Aws) Bind(ObjectReader reader, ConfigValue provider, Uri? baseUrl, bool hasBaseUrl, bool hasApiKey)
    {
        var region = Region(reader.Optional("region"), baseUrl, provider.Context.Environment, out var faulty);
        var signs = reader.Optional("access_key_id") ?? reader.Optional("secret_access_key") ?? reader.Optional("session_token") ?? reader.Optional("credentials");
        if (region is null && !faulty && (signs is not null || !hasBaseUrl))
        {
            provider.Fault("\"region\" is missing: say it here, in AWS_REGION, or in a \"base_url\" of AWS");
        }
        if (signs is not null && hasApiKey)
        {
            signs.FaultName("stands beside \"api_key\": a provider takes one or the other");
            return (baseUrl, null);
        }
        var credentials = signs is null ? null : Credentials(reader, provider, region);
        var url = baseUrl ?? (region is null || hasBaseUrl ? null : AwsEndpoint.Bedrock(region));
        return (url, credentials is null || region is null || url is null ? null : new AwsConfig(region, AwsEndpoint.ServiceOf(url), credentials));
    }

    /// <summary>The region said, else the address's, else the environment's.</summary>
    private static string? Region(ConfigValue? value, Uri? baseUrl, IEnvironment environment, out bool faulty)
    {
        faulty = false;
        var ofHost = baseUrl is null ? null : AwsEndpoint.RegionOf(baseUrl);
        if (value is null)
        {
            return ofHost ?? (AwsEnvironment.Region(environment) is { } set && AwsEndpoint.IsRegion(set) ? set : null);
        }
        var region = value.Text();
        if (region is not null && !AwsEndpoint.IsRegion(region))
        {
            value.Fault($"{value.Shown} is no region; write it like \"eu-central-1\"");
            region = null;
        }
        else if (region is not null && ofHost is not null && ofHost != region)
        {
            value.Fault($"is not the region of \"base_url\", {ofHost}");
            region = null;
        }
        faulty = region is null;
        return region;
    }

    private static AwsCredentialConfig? Credentials(ObjectReader reader, ConfigValue provider, string? region)
    {
        if (reader.Optional("credentials") is not { } source)
        {
            return Keys(reader);
        }
        if ((reader.Optional("access_key_id") ?? reader.Optional("secret_access_key") ?? reader.Optional("session_token")) is { } key)
        {
            key.FaultName("stands beside \"credentials\": a provider takes one or the other");
            return null;
        }
        var environment = provider.Context.Environment;
        var fault = default(string);
        var credentials = source.OneOf("source of credentials", Sources) switch
        {
            Source.Container => AwsEnvironment.Container(environment, out fault),
            Source.Instance => AwsEnvironment.Instance(environment, out fault),
            Source.WebIdentity => AwsEnvironment.WebIdentity(environment, region, out fault),
            Source.Profile => AwsEnvironment.Profile(environment, out fault),
            _ => null,
        };
        if (fault is not null)
        {
            source.Fault(fault);
        }
        return credentials;
    }

    private static AwsStaticKeys? Keys(ObjectReader reader)
    {
        var id = Part(reader.Required("access_key_id"));
        var secret = Part(reader.Required("secret_access_key"));
        var token = Part(reader.Optional("session_token"), mayBeEmpty: true);
        return id is null || secret is null ? null : new AwsStaticKeys(id, secret, token);
    }

    private static string? Part(ConfigValue? value, bool mayBeEmpty = false)
    {
        if (value?.Text() is not { } text)
        {
            return null;
        }
        // "${AWS_SESSION_TOKEN:-}" where there is none.
        if (text.Length == 0 && mayBeEmpty)
        {
            return null;
        }
        if (ApiKeyRule.Check(text) is { } fault)
        {
            value.Fault(fault);
            return null;
        }
        return text;
    }

    private enum Source
    {
        Container,
        Instance,
        WebIdentity,
        Profile,
    }

    private static readonly (string Name, Source Value)[] Sources =
        [("container", Source.Container), ("instance", Source.Instance), ("web-identity", Source.WebIdentity), ("profile", Source.Profile)];
}
