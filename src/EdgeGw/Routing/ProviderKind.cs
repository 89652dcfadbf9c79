using EdgeGw.Metering;

namespace EdgeGw.Routing;

/// <summary>A row of the provider table: what is true of a provider for everybody.</summary>
public sealed class ProviderKind
{
    internal ProviderKind(string name, string? baseUrl, AuthScheme auth, params ReadOnlySpan<ProviderEndpoint> endpoints)
    {
        Name = name;
        BaseUrl = baseUrl is null ? null : new Uri(baseUrl);
        Auth = auth;
        Endpoints = endpoints.ToArray();
    }

    /// <summary>As <c>kind</c> takes it.</summary>
    public string Name { get; }

    /// <summary>As the SDK takes it; null: only the operator knows (Azure resources).</summary>
    public Uri? BaseUrl { get; }

    /// <summary>How the credential is sent on paths that are no endpoint of the table.</summary>
    public AuthScheme Auth { get; }

    public IReadOnlyList<ProviderEndpoint> Endpoints { get; }

    /// <summary>False for servers that answer without a credential.</summary>
    public bool NeedsKey { get; init; } = true;

    /// <summary>Takes AWS credentials, which sign each request, beside a key.</summary>
    public bool IsAws { get; init; }

    /// <summary>A body may list models in <c>models</c>, and the provider answers with the next one where one fails.</summary>
    public bool TakesFallbacks { get; init; }

    /// <summary>Environment variables that may hold the key; the first that is set counts.</summary>
    public IReadOnlyList<string> KeyVariables { get; init; } = [];

    /// <summary>The environment variable in which the official SDK takes its base URL.</summary>
    public string? BaseUrlVariable { get; init; }

    /// <summary>Path endings of a configured base URL that are left off, because every endpoint of the table begins with them.</summary>
    internal IReadOnlyList<string> BaseSuffixes { get; init; } = [];

    public ProviderEndpoint? EndpointFor(Dialect dialect)
    {
        foreach (var endpoint in Endpoints)
        {
            if (endpoint.Dialect == dialect)
            {
                return endpoint;
            }
        }
        return null;
    }

    public override string ToString() => Name;
}
