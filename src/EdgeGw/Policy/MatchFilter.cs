using System.Net;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Matching;
using EdgeGw.Pricing;

namespace EdgeGw.Policy;

/// <summary>A <see cref="PolicyMatch"/> without its exceptions, asked in three parts: who calls, what for, and what only this call says.</summary>
internal sealed class MatchFilter(PolicyMatch match)
{
    // Arrays, because an enumerator behind an interface is an allocation for each call.
    private readonly KeyValuePair<string, string>[] _labels = [.. match.Calls.Metadata];
    private readonly KeyValuePair<string, IReadOnlyList<string>>[] _claims = [.. match.Claims];

    /// <summary>Whether it may hold for calls of this caller.</summary>
    public bool IsBy(Principal caller) => CallFilter.IsBy(match.Calls, caller) && HasClaims(caller) && OwnLabels(caller) is not false;

    /// <summary>Whether it may hold for this target, whoever calls.</summary>
    public bool IsFor(in PolicyCall call) =>
        ResourceSet.Contains(match.Calls.Models, match.Calls.Providers, match.Dialects, call.Provider, call.Model, call.Dialect);

    /// <summary>Calls of this caller for one target may differ in whether it holds for them.</summary>
    public bool IsOpen(Principal caller) => match.Time is not null || match.Request is not null || match.Networks.Count > 0 || OwnLabels(caller) is null;

    /// <summary>Whether what is known only of this very call lets it hold.</summary>
    public bool IsNow(in PolicyCall call) =>
        HasLabels(call) && (match.Time is not { } time || TimeFilter.Matches(time, call.Time))
            && (match.Request is not { } request || Asks(request, call.Request)) && IsFrom(call.Source);

    public bool Matches(in PolicyCall call) => IsBy(call.Principal) && IsFor(call) && IsNow(call);

    /// <summary>The conditions of the match, as configuration names them.</summary>
    public IEnumerable<string> Conditions()
    {
        (string Name, bool IsSet)[] all =
        [
            ("user", match.Calls.Users.Count > 0), ("email", match.Calls.Emails.Count > 0), ("groups", match.Calls.Groups.Count > 0),
            ("service", match.Calls.Services.Count > 0), ("key", match.Calls.Keys.Count > 0), ("model", match.Calls.Models.Count > 0),
            ("provider", match.Calls.Providers.Count > 0), ("metadata", match.Calls.Metadata.Count > 0),
            ("environment", match.Calls.Environments.Count > 0), ("claims", match.Claims.Count > 0), ("dialects", match.Dialects.Count > 0),
            ("time", match.Time is not null), ("request", match.Request is not null), ("networks", match.Networks.Count > 0),
        ];
        return all.Where(static each => each.IsSet).Select(static each => each.Name);
    }

    private bool HasClaims(Principal caller)
    {
        foreach (var (name, wanted) in _claims)
        {
            if (!caller.Claims.TryGetValue(name, out var own) || !HasOneOf(wanted, own))
            {
                return false;
            }
        }
        return true;
    }

    private static bool HasOneOf(IReadOnlyList<string> wanted, IReadOnlyList<string> own)
    {
        for (var i = 0; i < own.Count; i++)
        {
            if (CallFilter.Any(wanted, own[i]))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Whether the caller's own labels are as wanted; null: one that it lacks may come with a call.</summary>
    private bool? OwnLabels(Principal caller)
    {
        var all = true;
        foreach (var (name, wanted) in _labels)
        {
            if (!caller.Metadata.TryGetValue(name, out var own))
            {
                all = false;
            }
            else if (!Wildcard.IsMatch(wanted, own))
            {
                return false;
            }
        }
        return all ? true : null;
    }

    private bool HasLabels(in PolicyCall call)
    {
        foreach (var (name, wanted) in _labels)
        {
            if (LabelOf(call, name) is not { } own || !Wildcard.IsMatch(wanted, own))
            {
                return false;
            }
        }
        return true;
    }

    public static string? LabelOf(in PolicyCall call, string name) => call.Principal.Metadata.GetValueOrDefault(name) ?? call.Metadata.GetValueOrDefault(name);

    private static bool Asks(RequestMatch wanted, in RequestFeatures request) =>
        (request.IsKnown || wanted is { Tools: null, Images: null, Stream: null, MaxOutputAbove: null })
            && (wanted.Tools is not { } tools || tools == request.Tools)
            && (wanted.Images is not { } images || images == request.Images)
            && (wanted.Stream is not { } stream || stream == request.Stream)
            && (wanted.MaxOutputAbove is not { } output || !(request.MaxOutput <= output))
            && (wanted.PromptBytesAbove is not { } prompt || request.PromptBytes > prompt);

    private bool IsFrom(IPAddress? source)
    {
        if (match.Networks.Count == 0)
        {
            return true;
        }
        if (source is null)
        {
            return false;
        }
        // A listener of both families sees IPv4 callers so.
        var address = source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source;
        for (var i = 0; i < match.Networks.Count; i++)
        {
            if (match.Networks[i].Contains(address))
            {
                return true;
            }
        }
        return false;
    }
}
