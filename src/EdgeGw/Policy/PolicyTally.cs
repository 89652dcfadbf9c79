using EdgeGw.Configuration;

namespace EdgeGw.Policy;

/// <summary>The rules that are for a call, counted together in any order. A struct: a remembered one is copied, and this call's own rules are added.</summary>
internal struct PolicyTally
{
    private PolicyRule? _deny;
    private PolicyRule? _allowing;
    private PolicyRule? _notAllowing;
    private PolicyRule? _route;
    private PolicyRule? _unlabelled;
    private PolicyRule? _cap;
    private bool _shadowAllows;
    private ShadowRule? _shadows;

    /// <summary>Adds a rule that matches the call.</summary>
    public void Add(PolicyRule rule, in PolicyCall call)
    {
        if (rule.IsShadow)
        {
            AddShadow(rule, call);
            return;
        }
        switch (rule.Effect)
        {
            case PolicyEffect.Deny:
                Keep(ref _deny, rule);
                break;
            case PolicyEffect.Allow when rule.Allows(call):
                Keep(ref _allowing, rule);
                break;
            case PolicyEffect.Allow:
                Keep(ref _notAllowing, rule);
                break;
            case PolicyEffect.Route:
                Keep(ref _route, rule);
                break;
            default:
                if (rule.MissingLabel(call) is not null)
                {
                    Keep(ref _unlabelled, rule);
                }
                if (rule.Requirement.MaxOutput is { } most && call.Request.Generates
                    && (_cap is null || (most, rule.Rank).CompareTo((_cap.Requirement.MaxOutput!.Value, _cap.Rank)) < 0))
                {
                    _cap = rule;
                }
                break;
        }
    }

    /// <param name="isRouted">The call has been sent on already, and is sent nowhere else.</param>
    public readonly PolicyDecision Decide(in PolicyCall call, bool isRouted)
    {
        var most = _cap?.Requirement.MaxOutput;
        var (result, rule) = this switch
        {
            { _deny: { } denying } => (PolicyResult.Denied, denying),
            { _route: { } routing } when !isRouted && !string.IsNullOrEmpty(call.Model) => (PolicyResult.Allowed, routing),
            { _allowing: null, _notAllowing: { } wanting } => (PolicyResult.NotAllowed, wanting),
            { _unlabelled: { } demanding } => (PolicyResult.LabelMissing, demanding),
            { _cap: { } capping } when call.Request.MaxOutput > most => (PolicyResult.OutputTooLong, capping),
            _ => (PolicyResult.Allowed, _allowing),
        };
        return new PolicyDecision(result, rule)
        {
            Route = result == PolicyResult.Allowed && rule?.Effect == PolicyEffect.Route ? rule : null,
            Cap = call.Request.MaxOutput is null ? _cap : null,
            Label = result == PolicyResult.LabelMissing ? rule!.MissingLabel(call) : null,
            Shadows = _shadows,
            IsAllowedBySome = _allowing is not null || _shadowAllows,
        };
    }

    private void AddShadow(PolicyRule rule, in PolicyCall call)
    {
        var holds = rule.Effect switch
        {
            PolicyEffect.Allow => rule.Allows(call),
            PolicyEffect.Require => rule.MissingLabel(call) is null && !(rule.Requirement.MaxOutput is { } most && call.Request.Generates && call.Request.MaxOutput > most),
            _ => false,
        };
        _shadowAllows |= holds && rule.Effect == PolicyEffect.Allow;
        _shadows = new ShadowRule(rule, holds, _shadows);
    }

    private static void Keep(ref PolicyRule? kept, PolicyRule rule)
    {
        if (kept is null || rule.Rank < kept.Rank)
        {
            kept = rule;
        }
    }
}
