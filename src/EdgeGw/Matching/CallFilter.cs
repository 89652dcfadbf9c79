using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Pricing;

namespace EdgeGw.Matching;

/// <summary>Whether a call is among those that a <see cref="CallMatch"/> describes.</summary>
internal static class CallFilter
{
    public static bool Matches(CallMatch match, in CallSubject subject) =>
        IsBy(match, subject.Principal) && Any(match.Providers, subject.Provider) && IsModel(match.Models, subject.Provider, subject.Model)
            && HasLabels(match.Metadata, subject);

    /// <summary>The part of the match that asks who calls; labels aside, which a caller may send.</summary>
    public static bool IsBy(CallMatch match, Principal caller) =>
        Any(match.Users, caller.User) && Any(match.Emails, caller.Email) && Any(match.Services, caller.Service)
            && (match.Keys.Count == 0 || Contains(match.Keys, caller.KeyName) || Contains(match.Keys, caller.KeyId))
            && InGroup(match.Groups, caller.Groups);

    /// <summary>Whether one of the patterns, or none at all, stands for this text.</summary>
    public static bool Any(IReadOnlyList<string> wanted, string? own) => wanted.Count == 0 || Contains(wanted, own);

    /// <summary>Whether one of the patterns, or none at all, stands for this model of this provider.</summary>
    public static bool IsModel(IReadOnlyList<string> wanted, string? provider, string? model)
    {
        for (var i = 0; i < wanted.Count; i++)
        {
            var pattern = wanted[i].AsSpan();
            var slash = pattern.IndexOf('/');
            // Provider names hold no slash; models of resellers do.
            if (Wildcard.IsMatch(slash < 0 ? "*" : pattern[..slash], provider) && Wildcard.IsMatch(pattern[(slash + 1)..], model))
            {
                return true;
            }
        }
        return wanted.Count == 0;
    }

    private static bool InGroup(IReadOnlyList<string> wanted, IReadOnlyList<string> own)
    {
        for (var i = 0; i < own.Count; i++)
        {
            if (Contains(wanted, own[i]))
            {
                return true;
            }
        }
        return wanted.Count == 0;
    }

    private static bool HasLabels(IReadOnlyDictionary<string, string> wanted, in CallSubject subject)
    {
        if (wanted.Count == 0)
        {
            return true;
        }
        foreach (var (name, value) in wanted)
        {
            if (subject.Label(name) is not { } own || !Wildcard.IsMatch(value, own))
            {
                return false;
            }
        }
        return true;
    }

    private static bool Contains(IReadOnlyList<string> wanted, string? own)
    {
        for (var i = 0; own is not null && i < wanted.Count; i++)
        {
            if (Wildcard.IsMatch(wanted[i], own))
            {
                return true;
            }
        }
        return false;
    }
}
