using EdgeGw.Configuration;

namespace EdgeGw.Policy;

/// <summary>What the policies say of a call.</summary>
/// <param name="Rule">The rule that decides, of several the first by name; null: none is for the call.</param>
internal readonly record struct PolicyDecision(PolicyResult Result, PolicyRule? Rule)
{
    /// <summary>The call is to go where this rule says; what may be used is decided there.</summary>
    public PolicyRule? Route { get; init; }

    /// <summary>The rule with the smallest cap on output, which a call without a cap must be given; null: none is needed.</summary>
    public PolicyRule? Cap { get; init; }

    /// <summary>The label to send, where <see cref="PolicyResult.LabelMissing"/>.</summary>
    public string? Label { get; init; }

    /// <summary>The rules in shadow that are for the call; null: none.</summary>
    public ShadowRule? Shadows { get; init; }

    /// <summary>Some allow rule, in force or in shadow, allows the call.</summary>
    public bool IsAllowedBySome { get; init; }

    public bool IsRefused => Result != PolicyResult.Allowed;
}

/// <summary>The outcomes, in the order in which they win.</summary>
internal enum PolicyResult : byte
{
    Allowed,
    /// <summary>A rule denies the call.</summary>
    Denied,
    /// <summary>Rules say what the caller may use, and none of them names this.</summary>
    NotAllowed,
    LabelMissing,
    /// <summary>The caller's key is not for this model; no rule says so.</summary>
    NotForKey,
    /// <summary>The cap on output is larger than a rule has it.</summary>
    OutputTooLong,
}

/// <summary>A link in the chain of shadow rules that are for a call. A chain, so that callers of one remembered plan share its beginning.</summary>
/// <param name="Holds">What the rule would have of the call is so: it allows it, or has its demands met.</param>
internal sealed record ShadowRule(PolicyRule Rule, bool Holds, ShadowRule? Next)
{
    /// <summary>What the rule would have done, were all in shadow in force; null: nothing.</summary>
    public string? ResultFor(in PolicyDecision decision) => Rule.Effect switch
    {
        PolicyEffect.Route => PolicyResults.WouldRoute,
        PolicyEffect.Allow when Holds => PolicyResults.WouldAllow,
        // What is refused already tells nothing of the rule.
        _ when decision.IsRefused => null,
        PolicyEffect.Deny => PolicyResults.WouldRefuse,
        PolicyEffect.Allow => decision.IsAllowedBySome ? null : PolicyResults.WouldRefuse,
        _ => Holds ? null : PolicyResults.WouldRefuse,
    };
}

/// <summary>The values of the label <c>result</c> in metrics.</summary>
internal static class PolicyResults
{
    public const string Allowed = "allowed";
    public const string Refused = "refused";
    public const string Routed = "routed";
    public const string WouldAllow = "would_allow";
    public const string WouldRefuse = "would_refuse";
    public const string WouldRoute = "would_route";

    /// <summary>How many results a rule of one effect may have, for the bound of the series.</summary>
    public const int MostPerRule = 4;
}
