using EdgeGw.Configuration;
using EdgeGw.Pricing;

namespace EdgeGw.Matching;

/// <summary>Whether a call is among those that a <see cref="CallMatch"/> describes.</summary>
internal static class CallFilter
{
    public static bool Matches(CallMatch match, in CallSubject subject)
    {
        var caller = subject.Principal;
        return Any(match.Users, caller.User) && Any(match.Emails, caller.Email) && Any(match.Services, caller.Service)
            && Any(match.Providers, subject.Provider)
            && (match.Keys.Count == 0 || Contains(match.Keys, caller.KeyName) || Contains(match.Keys, caller.KeyId))
            && InGroup(match.Groups, caller.Groups)
            && IsModel(match.Models, subject)
            && HasLabels(match.Metadata, subject);
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

    private static bool IsModel(IReadOnlyList<string> wanted, in CallSubject subject)
    {
        for (var i = 0; i < wanted.Count; i++)
        {
            var pattern = wanted[i].AsSpan();
            var slash = pattern.IndexOf('/');
            // Provider names hold no slash; models of resellers do.
            if (Wildcard.IsMatch(slash < 0 ? "*" : pattern[..slash], subject.Provider) && Wildcard.IsMatch(pattern[(slash + 1)..], subject.Model))
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

    private static bool Any(IReadOnlyList<string> wanted, string? own) => wanted.Count == 0 || Contains(wanted, own);

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
