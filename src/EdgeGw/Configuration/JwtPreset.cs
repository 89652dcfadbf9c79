using System.Collections.Frozen;

namespace EdgeGw.Configuration;

/// <summary>What is known of an identity provider, so that its operators need not say it. Each is one row of <see cref="All"/>.</summary>
internal sealed record JwtPreset(string Name)
{
    public static readonly string[] DefaultAlgorithms = ["RS256", "ES256"];

    public static readonly JwtPreset[] All =
    [
        // The subject changes when a person is added anew; service tokens have an empty one.
        new("cloudflare-access")
        {
            Expected = "https://TEAM.cloudflareaccess.com", KeysPath = "/cdn-cgi/access/certs", Header = "Cf-Access-Jwt-Assertion", GroupsPath = "/cdn-cgi/access/get-identity",
            Algorithms = ["RS256"], User = ["{email}"], Groups = ["{groups}", "{custom.groups}"], Service = ["{common_name}"],
            MachineWhen = new("sub", ""), Require = Only("type", "app"),
        },
        // "email" can be set by whoever runs a guest's own tenant; the principal name cannot.
        new("entra-id")
        {
            Expected = "https://login.microsoftonline.com/TENANT-ID/v2.0", Algorithms = ["RS256"], User = ["{oid}"], Email = ["{upn}", "{preferred_username}"],
            Groups = ["{groups}", "{roles}"], Service = ["{azp}", "{appid}"], MachineWhen = new("idtyp", "app"),
        },
        new("okta") { Expected = "https://YOUR-ORG.okta.com/oauth2/default", Algorithms = ["RS256"] },
        // Anyone with a Google account has tokens of this issuer: only the hosted domain tells whose people they are.
        new("google")
        {
            Issuer = "https://accounts.google.com", JwksUri = "https://www.googleapis.com/oauth2/v3/certs", Algorithms = ["RS256"], Groups = [], MustRequire = "hd",
        },
        new("keycloak")
        {
            Expected = "https://HOST/realms/REALM", Groups = ["{groups}", "{realm_access.roles}"], Service = ["{client_id}"], MachineWhen = new("client_id", "*"),
        },
        new("kubernetes")
        {
            Expected = "the cluster's --service-account-issuer", Algorithms = ["RS256", "ES256"], User = [], Email = [], Groups = [], Service = ["{sub}"],
            ServicePrefix = "system:serviceaccount:", MachineWhen = new("sub", "*"), Require = Only("sub", "system:serviceaccount:*"),
        },
        // The whole world's workflows have tokens of this issuer.
        new("github-actions")
        {
            Issuer = "https://token.actions.githubusercontent.com", Algorithms = ["RS256"], User = [], Email = [], Groups = [],
            Service = ["{repository}/{workflow}"], MachineWhen = new("repository", "*"), MustRequire = "repository_owner",
            Metadata = new Dictionary<string, string> { ["repository"] = "{repository}", ["ref"] = "{ref}", ["actor"] = "{actor}" }.ToFrozenDictionary(),
        },
    ];

    /// <summary>The same for all who use the provider; null: each has one, such as <see cref="Expected"/>.</summary>
    public string? Issuer { get; init; }
    public string Expected { get; init; } = "";
    public string? JwksUri { get; init; }

    /// <summary>Of the issuer's keys, after its address; null: discovery.</summary>
    public string? KeysPath { get; init; }
    public string? GroupsPath { get; init; }
    public string? Header { get; init; }
    public string[] Algorithms { get; init; } = DefaultAlgorithms;
    public string[] User { get; init; } = ["{sub}"];
    public string[] Email { get; init; } = ["{email}"];
    public string[] Groups { get; init; } = ["{groups}"];
    public string[] Service { get; init; } = [];
    public string ServicePrefix { get; init; } = "";
    public JwtCondition? MachineWhen { get; init; }
    public FrozenDictionary<string, string> Metadata { get; init; } = FrozenDictionary<string, string>.Empty;
    public FrozenDictionary<string, IReadOnlyList<string>> Require { get; init; } = FrozenDictionary<string, IReadOnlyList<string>>.Empty;

    /// <summary>A claim on which the configuration must say what it requires; null: none.</summary>
    public string? MustRequire { get; init; }

    private static FrozenDictionary<string, IReadOnlyList<string>> Only(string path, string pattern) =>
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [path] = [pattern] }.ToFrozenDictionary(StringComparer.Ordinal);
}
