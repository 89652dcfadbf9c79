using System.Collections.Frozen;
using EdgeGw.Configuration.Binding;

namespace EdgeGw.Configuration;

/// <summary>A configuration without a file: the first call works with nothing but a provider's key exported.</summary>
internal static class EnvironmentConfig
{
    public static ConfigResult Build(IEnvironment environment, KnownProviders known, ConfigOverrides overrides)
    {
        var faults = new List<ConfigFault>();
        var providers = new Dictionary<string, ProviderConfig>(StringComparer.Ordinal);
        var sources = new List<string>();
        foreach (var row in known.Environment)
        {
            if (!providers.ContainsKey(row.Kind) && Provider(row, environment, known.Aws.Contains(row.Kind), faults, sources) is { } provider)
            {
                providers.Add(row.Kind, provider);
            }
        }
        if (providers.Count == 0 && faults.Count == 0 && !overrides.ControlOnly)
        {
            var variables = string.Join(", ", known.Environment.Select(row => row.KeyVariables.FirstOrDefault()).OfType<string>().Take(3));
            faults.Add(Fault("", $"no configuration file and no provider key: set one of {variables}, … or write edgegw.json; `edgegw demo` needs neither"));
        }
        var dataDirectory = overrides.DataDirectory ?? StateFolder.Find(environment);
        if (dataDirectory is null)
        {
            faults.Add(Fault("", $"no folder for data: {StateFolder.Unknown}; say --data-dir"));
        }
        var config = new GatewayConfig
        {
            Listen = overrides.ApplyTo(new ListenConfig()),
            DataDirectory = dataDirectory ?? "",
            Providers = providers.ToFrozenDictionary(StringComparer.Ordinal),
            Identity = new IdentityConfig { Anonymous = true },
        };
        var bound = new ConfigResult { Faults = faults, AnonymousImplied = true, Notes = Notes(sources, config) };
        return ConfigChecks.Complete(bound, config, overrides);
    }

    private static ProviderConfig? Provider(ProviderEnvironment row, IEnvironment environment, bool isAws, List<ConfigFault> faults, List<string> sources)
    {
        var variable = row.KeyVariables.FirstOrDefault(name => !string.IsNullOrEmpty(environment.Get(name)));
        var key = variable is null ? null : environment.Get(variable);
        if (key is not null && ApiKeyRule.Check(key) is { } keyFault)
        {
            faults.Add(Fault(variable!, keyFault));
        }
        var baseUrl = row.BaseUrlVariable is null ? null : environment.Get(row.BaseUrlVariable);
        var uri = default(Uri);
        if (!string.IsNullOrEmpty(baseUrl) && BaseUrlRule.Check(baseUrl, out uri) is { } urlFault)
        {
            faults.Add(Fault(row.BaseUrlVariable!, urlFault));
        }
        if (isAws)
        {
            return Aws(row, environment, variable, key, uri, faults, sources);
        }
        if (key is null && uri is null)
        {
            return null;
        }
        sources.Add($"{row.Kind} ({string.Join(", ", new[] { variable, uri is null ? null : row.BaseUrlVariable }.OfType<string>())})");
        return new ProviderConfig { Kind = row.Kind, ApiKey = key, BaseUrl = uri };
    }

    /// <summary>A key for Bedrock alone, or AWS's general ones; those of no region are meant for something else.</summary>
    private static ProviderConfig? Aws(
        ProviderEnvironment row, IEnvironment environment, string? keyVariable, string? key, Uri? url, List<ConfigFault> faults, List<string> sources)
    {
        var named = AwsEnvironment.Region(environment);
        var region = (url is null ? null : AwsEndpoint.RegionOf(url)) ?? (named is not null && AwsEndpoint.IsRegion(named) ? named : null);
        var keys = key is null ? AwsEnvironment.Keys(environment) : null;
        var baseUrl = url ?? (region is null ? null : AwsEndpoint.Bedrock(region));
        if (key is not null && baseUrl is null)
        {
            faults.Add(Fault(keyVariable!, "goes to no region: set AWS_REGION"));
        }
        if (key is null && (keys is null || region is null || baseUrl is null))
        {
            return url is null ? null : new ProviderConfig { Kind = row.Kind, BaseUrl = url };
        }
        if (keys is not null)
        {
            CheckKeys(keys, faults);
        }
        sources.Add($"{row.Kind} ({keyVariable ?? "AWS_ACCESS_KEY_ID"}{(region is null ? "" : $" in {region}")}{(url is null ? "" : $", {row.BaseUrlVariable}")})");
        return new ProviderConfig
        {
            Kind = row.Kind,
            BaseUrl = baseUrl,
            ApiKey = key,
            Aws = keys is null ? null : new AwsConfig(region!, AwsEndpoint.ServiceOf(baseUrl!), keys),
        };
    }

    private static void CheckKeys(AwsStaticKeys keys, List<ConfigFault> faults)
    {
        (string Variable, string? Value)[] parts =
            [("AWS_ACCESS_KEY_ID", keys.AccessKeyId), ("AWS_SECRET_ACCESS_KEY", keys.SecretAccessKey), ("AWS_SESSION_TOKEN", keys.SessionToken)];
        foreach (var (variable, value) in parts)
        {
            if (value is not null && ApiKeyRule.Check(value) is { } fault)
            {
                faults.Add(Fault(variable, fault));
            }
        }
    }

    private static string[] Notes(List<string> sources, GatewayConfig config) =>
    [
        $"no configuration file: providers from the environment: {string.Join(", ", sources)}",
        $"data in {config.DataDirectory}",
        $"callers need no key, because only this machine can reach {config.Listen.Data} and {config.Listen.Admin}",
    ];

    private static ConfigFault Fault(string variable, string message) => new(ConfigLoader.EnvironmentName, 0, 0, variable, message);
}
