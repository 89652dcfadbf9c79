using System.Text.RegularExpressions;
using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

/// <summary>The lookup of groups that Entra ID leaves out of a token.</summary>
internal static partial class GraphBinder
{
    private const string Endpoint = "https://graph.microsoft.com/v1.0/users/{oid}/getMemberObjects";

    /// <summary>Null, with the fault reported, when nobody can be asked.</summary>
    public static GraphConfig? Bind(ConfigValue? value, JwtPreset preset, string? issuer, bool allowHttp)
    {
        if (value is null || ObjectReader.Open(value, Shapes.JwtGraph) is not { } reader)
        {
            return null;
        }
        var id = reader.Required("client_id")?.NonEmptyText();
        var secret = reader.Required("client_secret")?.NonEmptyText();
        var groups = reader.Optional("groups_endpoint") is { } endpoint ? Groups(endpoint, allowHttp) : Endpoint;
        var token = reader.Optional("token_endpoint") is { } own ? JwtBinder.Address(own, allowHttp) : Tokens(value, issuer);
        if (preset.Name != "entra-id")
        {
            value.Fault("asks Microsoft Graph, which knows the users of Entra ID alone: it goes with \"preset\": \"entra-id\"");
            return null;
        }
        return id is null || secret is null || groups is null || token is null ? null : new GraphConfig(id, secret, groups, token);
    }

    private static string? Groups(ConfigValue value, bool allowHttp)
    {
        if (JwtBinder.Address(value, allowHttp) is null || value.Text() is not { } text)
        {
            return null;
        }
        if (!text.Contains(GraphConfig.UserHole, StringComparison.Ordinal))
        {
            value.Fault($"must hold {GraphConfig.UserHole} where the user's object id goes");
            return null;
        }
        return text;
    }

    private static Uri? Tokens(ConfigValue self, string? issuer)
    {
        if (issuer is null)
        {
            return null;
        }
        if (Tenant().Match(issuer) is { Success: true } tenant)
        {
            return new Uri(tenant.Groups[1].Value + "/oauth2/v2.0/token");
        }
        if (OldTenant().Match(issuer) is { Success: true } old)
        {
            return new Uri($"https://login.microsoftonline.com/{old.Groups[1].Value}/oauth2/v2.0/token");
        }
        self.Fault("\"token_endpoint\" is missing, and the issuer's address does not tell it");
        return null;
    }

    [GeneratedRegex(@"^(https?://[^/]+/[^/]+)/v2\.0/?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Tenant();

    /// <summary>Of tokens of version 1.</summary>
    [GeneratedRegex(@"^https://sts\.windows\.net/([^/]+)/?\z", RegexOptions.CultureInvariant)]
    private static partial Regex OldTenant();
}
