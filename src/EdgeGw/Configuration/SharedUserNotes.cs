using System.Text.RegularExpressions;

namespace EdgeGw.Configuration;

/// <summary>Tells operators of several issuers where a user of one may be taken for a user of another.</summary>
/// <remarks>No fault: one person with an account at each of two issuers is mostly meant to be one user. But whoever gives out names at one of them gives out those of the other.</remarks>
internal static partial class SharedUserNotes
{
    public static IEnumerable<string> Of(IReadOnlyList<JwtConfig> issuers) => issuers
        .SelectMany(static issuer => issuer.User.Where(static text => !text.Contains("{iss}", StringComparison.Ordinal))
            .Select(static text => Hole().Replace(text, "{}")).Distinct().Select(form => (Form: form, issuer.Issuer)))
        .GroupBy(static each => each.Form, static each => each.Issuer).Where(static sharing => sharing.Distinct().Count() > 1)
        .Select(static sharing => string.Join(" and ", sharing.Distinct()))
        .Distinct().Select(static names =>
            $"note: a user that {names} call by one name is one user, with one budget; if that is not meant, put the issuer into claims.user, such as \"{{iss}}#{{sub}}\" (docs/identity.md)");

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Hole();
}
