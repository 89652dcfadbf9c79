using EdgeGw.Configuration;
using EdgeGw.Identity;

namespace EdgeGw.Policy;

/// <summary>A configured policy, ready to be asked in three parts: who calls, what for, and what only this call says.</summary>
/// <param name="rank">Its place among all rules by name: of several that decide alike, the first is named.</param>
internal sealed class PolicyRule(PolicyConfig config, int rank)
{
    private readonly MatchFilter _match = new(config.Match ?? new PolicyMatch());
    private readonly MatchFilter[] _exceptions = [.. (config.Match?.Except ?? []).Select(static match => new MatchFilter(match))];

    public string Name => config.Name;

    public PolicyEffect Effect => config.Effect;

    public bool IsShadow => config.Shadow;

    public string? Reason => config.Reason;

    public string? Route => config.Route;

    public Requirement Requirement => config.Require!;

    public int Rank => rank;

    /// <summary>Whether the rule may be for calls of this caller.</summary>
    public bool IsBy(Principal caller) => _match.IsBy(caller);

    /// <summary>Whether the rule may be for this caller's calls for this target.</summary>
    public bool IsFor(in PolicyCall call) => _match.IsFor(call) && !IsExceptedFor(call);

    /// <summary>Calls of this caller for one target may differ in whether the rule is for them, or in whether they are as it demands.</summary>
    public bool IsOpen(Principal caller) => Effect == PolicyEffect.Require || _match.IsOpen(caller) || HasOpenException(caller);

    /// <summary>Whether what is known only of this very call lets the rule be for it.</summary>
    public bool IsNow(in PolicyCall call) => _match.IsNow(call) && !IsExceptedNow(call);

    public bool Matches(in PolicyCall call) => IsBy(call.Principal) && IsFor(call) && IsNow(call);

    public bool Allows(in PolicyCall call) => ResourceSet.Contains(config.Allow!, call.Provider, call.Model, call.Dialect);

    /// <summary>The first label that is demanded and missing; null: none.</summary>
    public string? MissingLabel(in PolicyCall call)
    {
        for (var i = 0; i < Requirement.Metadata.Count; i++)
        {
            if (string.IsNullOrEmpty(MatchFilter.LabelOf(call, Requirement.Metadata[i])))
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
    public IEnumerable<string> Conditions() => _exceptions.Length > 0 ? _match.Conditions().Append("except") : _match.Conditions();

    /// <summary>Whether an exception that is certain of all calls of this caller for this target takes the call out.</summary>
    private bool IsExceptedFor(in PolicyCall call)
    {
        foreach (var exception in _exceptions)
        {
            if (exception.IsBy(call.Principal) && !exception.IsOpen(call.Principal) && exception.IsFor(call))
            {
                return true;
            }
        }
        return false;
    }

    private bool IsExceptedNow(in PolicyCall call)
    {
        foreach (var exception in _exceptions)
        {
            if (exception.Matches(call))
            {
                return true;
            }
        }
        return false;
    }

    private bool HasOpenException(Principal caller) => Array.Exists(_exceptions, exception => exception.IsBy(caller) && exception.IsOpen(caller));
}
