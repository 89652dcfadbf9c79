using System.Collections.Frozen;
using EdgeGw.Configuration;

namespace EdgeGw.Identity.Tokens;

/// <summary>Makes the principal of a verified token.</summary>
internal static class PrincipalReader
{
    private const int MostGroups = 2000;
    private const int MostValues = 128;

    /// <summary>Null: the token does not say what the configuration requires, or names nobody that can be named.</summary>
    public static Principal? Read(ClaimSet claims, JwtConfig config)
    {
        if (config.Require.Any(each => !claims.Fits(each.Key, each.Value)))
        {
            return null;
        }
        var isMachine = config.MachineWhen is { } condition && claims.Fits(condition);
        // Where a preset says when a token is a machine's, its service says so of no other token.
        var service = isMachine || config.MachineWhen is null ? claims.First(config.Service) : null;
        service ??= isMachine ? null : claims.First(["{act.sub}"]);
        if (service is not null && service.StartsWith(config.ServicePrefix, StringComparison.Ordinal))
        {
            service = service[config.ServicePrefix.Length..];
        }
        var principal = new Principal
        {
            Issuer = config.Issuer,
            User = isMachine ? null : claims.First(config.User),
            Email = isMachine ? null : claims.First(config.Email)?.ToLowerInvariant(),
            Service = service,
            Metadata = Labels(claims, config.Metadata),
            Claims = Custom(claims, config.Custom),
            GroupsFault = IsOverage(claims) ? GroupsFault.TooMany : GroupsFault.None,
        };
        principal = WithGroups(principal, claims.All(config.Groups), config);
        return claims.IsUnfit || string.IsNullOrEmpty(principal.User ?? principal.Service) ? null : principal;
    }

    /// <summary>With the groups as the configuration calls them, in order and each once.</summary>
    public static Principal WithGroups(Principal principal, List<string> groups, JwtConfig config)
    {
        string[] named = [.. groups.Select(group => config.GroupNames.GetValueOrDefault(group) ?? config.GroupPrefix + group).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return named.Length <= MostGroups ? principal with { Groups = named } : principal with { GroupsFault = GroupsFault.TooMany };
    }

    /// <summary>Entra ID leaves the groups out of a token where there are more than 200, and says so in one of two ways.</summary>
    private static bool IsOverage(ClaimSet claims) => claims.Values("hasgroups").Contains("true") || claims.Values("_claim_names.groups").Count > 0;

    private static FrozenDictionary<string, string> Labels(ClaimSet claims, IReadOnlyDictionary<string, string> templates) => templates
        .Select(each => (each.Key, Value: claims.First([each.Value]))).Where(static each => each.Value is not null)
        .ToFrozenDictionary(static each => each.Key, static each => each.Value!, StringComparer.Ordinal);

    private static FrozenDictionary<string, IReadOnlyList<string>> Custom(ClaimSet claims, IReadOnlyDictionary<string, string> templates) => templates
        .Select(each => (each.Key, Values: (IReadOnlyList<string>)[.. claims.All([each.Value]).Take(MostValues)])).Where(static each => each.Values.Count > 0)
        .ToFrozenDictionary(static each => each.Key, static each => each.Values, StringComparer.Ordinal);
}
