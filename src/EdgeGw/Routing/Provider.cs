using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Upstream.Aws;

namespace EdgeGw.Routing;

/// <summary>A configured provider, ready to be called. Immutable; kept from one configuration to the next as long as nothing about it changes.</summary>
/// <remarks>The key is bound to the origin: nothing a caller sends can move it to another host. It is in no text of this type.</remarks>
public sealed class Provider
{
    private static readonly int Dialects = Enum.GetValues<Dialect>().Length;

    private readonly string?[] _targets = new string?[Dialects];
    private readonly KeyValuePair<string, string>?[] _credentials = new KeyValuePair<string, string>?[Dialects];

    /// <exception cref="ArgumentException">Unknown kind, or a kind without a URL of its own and none configured: the configuration's validation finds both first.</exception>
    /// <param name="time">Tells when credentials that rotate are due; null: the system's.</param>
    public Provider(string name, ProviderConfig config, TimeProvider? time = null)
    {
        Name = name;
        Config = config;
        Kind = ProviderCatalogue.Find(config.Kind) ?? throw new ArgumentException($"unknown provider kind '{config.Kind}'", nameof(config));
        var url = config.BaseUrl ?? Kind.BaseUrl ?? throw new ArgumentException($"provider '{name}' needs a base_url", nameof(config));
        Origin = new Uri($"{url.Scheme}://{url.Authority}");
        BasePath = TrimBase(url.AbsolutePath.TrimEnd('/'));
        Signer = config.Aws is { } aws
            ? new AwsSigner(Origin, aws.Region, aws.Service, AwsCredentialSource.Of(aws.Credentials, time ?? TimeProvider.System))
            : null;
        HasKey = Signer is not null || !string.IsNullOrEmpty(config.ApiKey);
        // Whoever serves a known API at an address of its own, as a local model server does, may ask for none.
        LacksKey = !HasKey && Kind.NeedsKey && (config.BaseUrl is null || Kind.BaseUrl is null);
        Free = config.Free;
        Http2 = config.Http2;
        PublicAddressOnly = config.BaseUrl is null && !Origin.IsLoopback;
        foreach (var endpoint in Kind.Endpoints)
        {
            _targets[(int)endpoint.Dialect] = Join(endpoint.Path);
        }
        for (var dialect = 0; HasKey && Signer is null && dialect < Dialects; dialect++)
        {
            _credentials[dialect] = CredentialHeader(Kind.EndpointFor((Dialect)dialect)?.Auth ?? Kind.Auth, config.ApiKey!);
        }
    }

    /// <summary>As it stands in paths and in <c>provider/model</c>.</summary>
    public string Name { get; }

    /// <summary>What it was made of.</summary>
    internal ProviderConfig Config { get; }

    public ProviderKind Kind { get; }

    /// <summary>Scheme, host and port.</summary>
    public Uri Origin { get; }

    /// <summary>The base URL's path without a trailing slash; may be empty.</summary>
    public string BasePath { get; }

    /// <summary>Answers cost nothing.</summary>
    public bool Free { get; }

    public bool Http2 { get; }

    /// <summary>No operator wrote this host down, so its name must not lead into our own network.</summary>
    public bool PublicAddressOnly { get; }

    /// <summary>A credential of ours goes with each call: a key, or a signature.</summary>
    public bool HasKey { get; }

    /// <summary>Calls need a credential, and none is configured: only a caller's own can serve.</summary>
    public bool LacksKey { get; }

    /// <summary>Signs each request instead of a key; null: the provider is not AWS, or has a key.</summary>
    public AwsSigner? Signer { get; }

    public bool Speaks(Dialect dialect) => _targets[(int)dialect] is not null;

    /// <summary>Speaks the dialect as its own, not as a copy of another vendor's.</summary>
    public bool IsNativeTo(Dialect dialect) => Kind.EndpointFor(dialect) is { IsCompatibility: false };

    /// <summary>The dialects spoken, for messages to people.</summary>
    public string DialectNames => string.Join(", ", Kind.Endpoints.Select(static e => e.Dialect.ToString()));

    /// <summary>Path of the endpoint on the wire; null: the dialect is not spoken.</summary>
    public string? TargetFor(Dialect dialect) => _targets[(int)dialect];

    /// <summary>The header that authenticates a call in this dialect; null: no key is configured, or requests are signed.</summary>
    public KeyValuePair<string, string>? Credential(Dialect dialect) => _credentials[(int)dialect];

    /// <summary>Puts a path behind the base URL's. The longest ending of the base path with which the rest begins is not repeated, so a version
    /// segment may stand in the base URL, in the caller's path, or in both.</summary>
    /// <param name="rest">Begins with a slash; may be empty.</param>
    public string Join(ReadOnlySpan<char> rest)
    {
        for (var from = 0; from < BasePath.Length;)
        {
            var ending = BasePath.AsSpan(from);
            if (rest.StartsWith(ending, StringComparison.Ordinal) && (rest.Length == ending.Length || rest[ending.Length] == '/'))
            {
                return string.Concat(BasePath, rest[ending.Length..]);
            }
            var next = BasePath.IndexOf('/', from + 1);
            from = next < 0 ? BasePath.Length : next;
        }
        return rest.IsEmpty && BasePath.Length == 0 ? "/" : string.Concat(BasePath, rest);
    }

    /// <summary>The name only: a provider holds a secret.</summary>
    public override string ToString() => Name;

    private static KeyValuePair<string, string> CredentialHeader(AuthScheme scheme, string key) => scheme switch
    {
        AuthScheme.XApiKey => new("x-api-key", key),
        AuthScheme.XGoogApiKey => new("x-goog-api-key", key),
        AuthScheme.ApiKey => new("api-key", key),
        _ => new("Authorization", "Bearer " + key),
    };

    private string TrimBase(string path)
    {
        foreach (var suffix in Kind.BaseSuffixes)
        {
            if (path.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return path[..^suffix.Length];
            }
        }
        return path;
    }
}
