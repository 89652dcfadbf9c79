using EdgeGw.Configuration;
using EdgeGw.Identity;

namespace EdgeGw.Pricing;

/// <summary>Whether a caller is among those that a <see cref="PrincipalMatch"/> describes. Case counts, as it does in names and labels.</summary>
internal static class PrincipalFilter
{
    public static bool Matches(PrincipalMatch match, Principal? principal)
    {
        if (principal is null)
        {
            return false;
        }
        if (!Any(match.Users, principal.User) || !Any(match.Services, principal.Service)
            || !(match.Keys.Count == 0 || Contains(match.Keys, principal.KeyName) || Contains(match.Keys, principal.KeyId)))
        {
            return false;
        }
        if (match.Groups.Count > 0 && !principal.Groups.Any(group => Contains(match.Groups, group)))
        {
            return false;
        }
        // What the caller says of itself in a header is not asked: it would choose its own price.
        foreach (var (name, value) in match.Metadata)
        {
            if (!principal.Metadata.TryGetValue(name, out var own) || own != value)
            {
                return false;
            }
        }
        return true;
    }

    private static bool Any(IReadOnlyList<string> wanted, string? own) => wanted.Count == 0 || Contains(wanted, own);

    private static bool Contains(IReadOnlyList<string> wanted, string? own)
    {
        for (var i = 0; own is not null && i < wanted.Count; i++)
        {
            if (wanted[i] == own || wanted[i] == "*")
            {
                return true;
            }
        }
        return false;
    }
}
