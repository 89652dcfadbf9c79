using System.Collections.Frozen;
using System.Text.RegularExpressions;
using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

/// <summary>The issuers of tokens, each with its preset's rows under what the file says.</summary>
internal static partial class JwtBinder
{
    private const int LongestText = 256;

    /// <summary>The library verifies no EdDSA, and a shared secret (HS) is nothing that an issuer publishes.</summary>
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    public static List<JwtConfig> Bind(ConfigValue? value)
    {
        var issuers = new List<JwtConfig>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in value?.Items() ?? [])
        {
            if (ObjectReader.Open(item, Shapes.Jwt) is { } reader && One(item, reader, lines) is { } issuer)
            {
                issuers.Add(issuer);
            }
        }
        return issuers;
    }

    private static JwtConfig? One(ConfigValue self, ObjectReader reader, Dictionary<string, int> lines)
    {
        var preset = reader.Optional("preset")?.OneOf("preset", [.. JwtPreset.All.Select(static (row, index) => (row.Name, index))]) is { } index
            ? JwtPreset.All[index] : new JwtPreset("");
        var allowHttp = reader.Optional("allow_http")?.Boolean() ?? false;
        var issuer = Issuer(self, reader.Optional("issuer"), preset, allowHttp, lines);
        var audiences = Texts(reader.Required("audience"));
        var jwks = reader.Optional("jwks_uri") is { } uri ? Address(uri, allowHttp) : null;
        var claims = reader.Optional("claims") is { } node ? ObjectReader.Open(node, Shapes.JwtClaims) : null;
        var groups = reader.Optional("groups") is { } renamed ? ObjectReader.Open(renamed, Shapes.JwtGroups) : null;
        var config = new JwtConfig
        {
            Issuer = issuer ?? "",
            Preset = preset.Name.Length > 0 ? preset.Name : null,
            Audiences = audiences,
            Algorithms = reader.Optional("algorithms") is { } list ? AlgorithmsOf(list) : preset.Algorithms,
            Header = reader.Optional("header") is { } header ? Header(header) : preset.Header,
            JwksUri = jwks ?? (preset.JwksUri is { } known ? new Uri(known) : Under(issuer, preset.KeysPath)),
            AllowHttp = allowHttp,
            User = Claim(claims?.Optional("user")) ?? preset.User,
            Email = Claim(claims?.Optional("email")) ?? preset.Email,
            Groups = Claim(claims?.Optional("groups")) ?? preset.Groups,
            Service = Claim(claims?.Optional("service")) ?? preset.Service,
            // Who says where the service stands says that it stands beside the user.
            MachineWhen = claims?.Optional("service") is null ? preset.MachineWhen : null,
            ServicePrefix = preset.ServicePrefix,
            Metadata = claims?.Optional("metadata") is { } metadata ? Named(metadata) : preset.Metadata,
            Custom = Named(claims?.Optional("custom")),
            GroupPrefix = groups?.Optional("prefix")?.Text() ?? "",
            GroupNames = MatchBinder.Labels(groups?.Optional("rename")),
            Require = Require(self, reader.Optional("require"), preset),
            GroupsEndpoint = Under(issuer, preset.GroupsPath),
            Graph = GraphBinder.Bind(reader.Optional("graph"), preset, issuer, allowHttp),
        };
        return issuer is null || audiences.Count == 0 ? null : config;
    }

    private static string? Issuer(ConfigValue self, ConfigValue? value, JwtPreset preset, bool allowHttp, Dictionary<string, int> lines)
    {
        if (value is null && preset.Issuer is null)
        {
            self.Fault("\"issuer\" is missing" + (preset.Expected.Length > 0 ? $": {preset.Expected}" : ""));
            return null;
        }
        var (source, issuer) = (value ?? self, value is null ? preset.Issuer : value.Text());
        if (issuer is null || (value is not null && Address(value, allowHttp) is null))
        {
            return null;
        }
        if (issuer.Contains('?', StringComparison.Ordinal))
        {
            source.Fault("must not hold a query");
            return null;
        }
        if (preset.Name == "entra-id" && EntraTenants().IsMatch(issuer))
        {
            source.Fault($"names no tenant, so anyone's would do; write {preset.Expected}");
            return null;
        }
        if (!lines.TryAdd(issuer, source.Node.Position.Line))
        {
            source.Fault($"is the issuer of line {lines[issuer]} already: list all its audiences there");
            return null;
        }
        return issuer;
    }

    /// <summary>Null, with the fault reported, when nothing may be fetched from there.</summary>
    internal static Uri? Address(ConfigValue value, bool allowHttp)
    {
        if (value.Text() is not { } text)
        {
            return null;
        }
        if (BaseUrlRule.CheckAddress(text, "api_key", out var uri) is { } fault)
        {
            value.Fault(fault.StartsWith("must not hold a user name", StringComparison.Ordinal) ? "must not hold a user name or password" : fault);
            return null;
        }
        if (uri!.Scheme == Uri.UriSchemeHttp && !(allowHttp && uri.IsLoopback))
        {
            value.Fault(uri.IsLoopback ? "must be https; on loopback \"allow_http\": true allows http" : "must be https: who can change an issuer's keys on the way can be anybody");
            return null;
        }
        return uri;
    }

    private static Uri? Under(string? issuer, string? path) => issuer is null || path is null ? null : new Uri(issuer.TrimEnd('/') + path);

    private static List<string> AlgorithmsOf(ConfigValue value)
    {
        var algorithms = Texts(value);
        foreach (var algorithm in algorithms)
        {
            if (!Algorithms.Contains(algorithm))
            {
                value.Fault($"{SafeText.Quote(algorithm)} is no algorithm that tokens may be signed with here: {string.Join(", ", Algorithms)}");
            }
        }
        return algorithms;
    }

    private static string? Header(ConfigValue value)
    {
        if (value.Text() is not { } name)
        {
            return null;
        }
        if (!HeaderName().IsMatch(name) || name.Length > NameRules.LongestName)
        {
            value.Fault($"{value.Shown} must be a header's name: letters, digits and \"-\"");
            return null;
        }
        return name;
    }

    /// <summary>Each a path, or a text with paths in braces; null: not said.</summary>
    private static string[]? Claim(ConfigValue? value)
    {
        if (value is null)
        {
            return null;
        }
        var items = value.Node.Kind == ConfigNodeKind.Array ? value.Items()! : [value];
        return [.. items.Select(Template).OfType<string>()];
    }

    private static string? Template(ConfigValue value)
    {
        if (value.NonEmptyText() is not { } text)
        {
            return null;
        }
        if (!text.AsSpan().ContainsAny('{', '}'))
        {
            text = $"{{{text}}}";
        }
        if (text.Length > LongestText || !TemplateText().IsMatch(text))
        {
            value.Fault($"{value.Shown} must be a claim's path, such as \"realm_access.roles\", or a text with paths in braces, such as \"{{repository}}/{{workflow}}\"");
            return null;
        }
        return text;
    }

    private static FrozenDictionary<string, string> Named(ConfigValue? value)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        if (value is not null && ObjectReader.Open(value, Shapes.Metadata) is { } reader)
        {
            foreach (var (name, text) in reader.Values)
            {
                if (!NameRules.IsLabel(name))
                {
                    text.FaultName($"the name {NameRules.LabelExpected}");
                }
                if (Template(text) is { } template)
                {
                    named[name] = template;
                }
            }
        }
        return named.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static FrozenDictionary<string, IReadOnlyList<string>> Require(ConfigValue self, ConfigValue? value, JwtPreset preset)
    {
        var required = preset.Require.ToDictionary(StringComparer.Ordinal);
        if (value is not null && ObjectReader.Open(value, Shapes.JwtRequire) is { } reader)
        {
            foreach (var (path, patterns) in reader.Values)
            {
                required[path] = Texts(patterns);
            }
        }
        if (preset.MustRequire is { } claim && !required.ContainsKey(claim))
        {
            self.Fault($"anybody can have tokens of this issuer: say whose count here, \"require\": {{ \"{claim}\": [\"…\"] }}");
        }
        return required.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static List<string> Texts(ConfigValue? value)
    {
        var texts = (value?.Items() ?? []).Select(static item => item.NonEmptyText()).OfType<string>().ToList();
        if (value is { Node.Kind: ConfigNodeKind.Array, Node.Items.Count: 0 })
        {
            value.Fault("is empty");
        }
        return texts;
    }

    [GeneratedRegex("^[A-Za-z0-9-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex HeaderName();

    [GeneratedRegex(@"^[^{}]*(\{[^{}]+\}[^{}]*)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex TemplateText();

    [GeneratedRegex(@"^https://[^/]+/(common|organizations|consumers|\{tenantid\})(/|\z)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex EntraTenants();
}
