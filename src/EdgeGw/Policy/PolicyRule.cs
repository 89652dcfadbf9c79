using System.Net;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Matching;
using EdgeGw.Pricing;

namespace EdgeGw.Policy;

/// <summary>A configured policy, ready to be asked in three parts: who calls, what for, and what only this call says.</summary>
/// <param name="rank">Its place among all rules by name: of several that decide alike, the first is named.</param>
internal sealed class PolicyRule(PolicyConfig config, int rank)
{
    private readonly PolicyMatch _match = config.Match ?? new PolicyMatch();

    // Arrays, because an enumerator behind an interface is an allocation for each call.
    private readonly KeyValuePair<string, string>[] _labels = [.. config.Match?.Calls.Metadata ?? System.Collections.Frozen.FrozenDictionary<string, string>.Empty];

    public string Name => config.Name;

    public PolicyEffect Effect => config.Effect;

    public bool IsShadow => config.Shadow;

    public string? Reason => config.Reason;

    public string? Route => config.Route;

    public Requirement Requirement => config.Require!;

    public int Rank => rank;

    /// <summary>Whether the rule may be for calls of this caller.</summary>
    public bool IsBy(Principal caller) => CallFilter.IsBy(_match.Calls, caller) && HasClaims(caller) && OwnLabels(caller) is not false;

    /// <summary>Whether the rule is for this target, whoever calls.</summary>
    public bool IsFor(in PolicyCall call) =>
        ResourceSet.Contains(_match.Calls.Models, _match.Calls.Providers, _match.Dialects, call.Provider, call.Model, call.Dialect);

    /// <summary>Calls of this caller for one target may differ in whether the rule is for them, or in whether they are as it demands.</summary>
    public bool IsOpen(Principal caller) =>
        Effect == PolicyEffect.Require || _match.Time is not null || _match.Request is not null || _match.Networks.Count > 0 || OwnLabels(caller) is null;

    /// <summary>Whether what is known only of this very call lets the rule be for it.</summary>
    public bool IsNow(in PolicyCall call) =>
        HasLabels(call) && (_match.Time is not { } time || TimeFilter.Matches(time, call.Time))
            && (_match.Request is not { } request || Asks(request, call.Request)) && IsFrom(call.Source);

    public bool Matches(in PolicyCall call) => IsBy(call.Principal) && IsFor(call) && IsNow(call);

    public bool Allows(in PolicyCall call) => ResourceSet.Contains(config.Allow!, call.Provider, call.Model, call.Dialect);

    /// <summary>The first label that is demanded and missing; null: none.</summary>
    public string? MissingLabel(in PolicyCall call)
    {
        for (var i = 0; i < Requirement.Metadata.Count; i++)
        {
            if (string.IsNullOrEmpty(LabelOf(call, Requirement.Metadata[i])))
            {
                return Requirement.Metadata[i];
            }
        }
        return null;
    }

    /// <summary>What the rule by itself says of a call that it matches.</summary>
    public string ResultFor(in PolicyCall call) => Effect switch
    {
        PolicyEffect.Deny => IsShadow ? PolicyResults.WouldRefuse : PolicyResults.Refused,
        PolicyEffect.Route => IsShadow ? PolicyResults.WouldRoute : PolicyResults.Routed,
        PolicyEffect.Allow when Allows(call) => IsShadow ? PolicyResults.WouldAllow : PolicyResults.Allowed,
        PolicyEffect.Require when MissingLabel(call) is null && !(call.Request.Generates && call.Request.MaxOutput > Requirement.MaxOutput) =>
            IsShadow ? PolicyResults.WouldAllow : PolicyResults.Allowed,
        _ => IsShadow ? PolicyResults.WouldRefuse : PolicyResults.Refused,
    };

    /// <summary>The conditions of the match, as configuration names them.</summary>
    public IEnumerable<string> Conditions()
    {
        (string Name, bool IsSet)[] all =
        [
            ("user", _match.Calls.Users.Count > 0), ("email", _match.Calls.Emails.Count > 0), ("groups", _match.Calls.Groups.Count > 0),
            ("service", _match.Calls.Services.Count > 0), ("key", _match.Calls.Keys.Count > 0), ("model", _match.Calls.Models.Count > 0),
            ("provider", _match.Calls.Providers.Count > 0), ("metadata", _match.Calls.Metadata.Count > 0),
            ("environment", _match.Calls.Environments.Count > 0), ("claims", _match.Claims.Count > 0), ("dialects", _match.Dialects.Count > 0),
            ("time", _match.Time is not null), ("request", _match.Request is not null), ("networks", _match.Networks.Count > 0),
        ];
        return all.Where(static each => each.IsSet).Select(static each => each.Name);
    }

    private bool HasClaims(Principal caller)
    {
        foreach (var (name, wanted) in _match.Claims)
        {
            if (!caller.Claims.TryGetValue(name, out var own) || !own.Any(value => CallFilter.Any(wanted, value)))
            {
                return false;
            }
        }
        return true;
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

    private static string? LabelOf(in PolicyCall call, string name) => call.Principal.Metadata.GetValueOrDefault(name) ?? call.Metadata.GetValueOrDefault(name);

    private static bool Asks(RequestMatch wanted, in RequestFeatures request) =>
        (request.IsKnown || wanted is { Tools: null, Images: null, Stream: null, MaxOutputAbove: null })
            && (wanted.Tools is not { } tools || tools == request.Tools)
            && (wanted.Images is not { } images || images == request.Images)
            && (wanted.Stream is not { } stream || stream == request.Stream)
            && (wanted.MaxOutputAbove is not { } output || !(request.MaxOutput <= output))
            && (wanted.PromptBytesAbove is not { } prompt || request.PromptBytes > prompt);

    private bool IsFrom(IPAddress? source)
    {
        if (_match.Networks.Count == 0)
        {
            return true;
        }
        if (source is null)
        {
            return false;
        }
        // A listener of both families sees IPv4 callers so.
        var address = source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source;
        for (var i = 0; i < _match.Networks.Count; i++)
        {
            if (_match.Networks[i].Contains(address))
            {
                return true;
            }
        }
        return false;
    }
}
