using System.Runtime.CompilerServices;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Metering;

namespace EdgeGw.Policy;

/// <summary>All policies of one configuration. Immutable but for what it remembers: callers, and what they ask for, in tables in which a newer one takes an older one's place.</summary>
/// <remarks>Reading needs no lock, and a known caller's call for a known model no memory.</remarks>
internal sealed class PolicySet
{
    /// <summary>Powers of two.</summary>
    private const int MostCallers = 8_192;
    private const int MostPlans = 16_384;

    private readonly PolicyRule[] _rules;
    private readonly CallerRules?[] _callers = [];
    private readonly PolicyPlan?[] _plans = [];

    public PolicySet(IEnumerable<PolicyConfig> policies)
    {
        _rules = [.. policies.OrderBy(static policy => policy.Name, StringComparer.Ordinal).Select(static (policy, rank) => new PolicyRule(policy, rank))];
        if (_rules.Length > 0)
        {
            _callers = new CallerRules?[MostCallers];
            _plans = new PolicyPlan?[MostPlans];
        }
    }

    /// <summary>Whether there is anything to ask about this caller's calls: a policy, or models that its key is limited to.</summary>
    public bool Asks(Principal caller) => _rules.Length > 0 || caller.Models.Count > 0;

    /// <summary>What the policies say of a call, and the models of the caller's key. A call that is sent on is measured by them where it goes.</summary>
    /// <param name="isRouted">It goes where a policy or a budget sent it: no policy sends it elsewhere.</param>
    public PolicyDecision Decide(in PolicyCall call, bool isRouted = false)
    {
        var decision = DecideByRules(call, isRouted);
        return decision.IsRefused || decision.Route is not null || IsForKey(call) ? decision : decision with { Result = PolicyResult.NotForKey, Rule = null };
    }

    /// <summary>Whether the caller could use a model at all, here and now; remembered for the caller alone, since lists name every model.</summary>
    public bool CouldUse(in PolicyCall call)
    {
        if (!IsForKey(call))
        {
            return false;
        }
        if (_rules.Length == 0)
        {
            return true;
        }
        var tally = default(PolicyTally);
        foreach (var rule in RulesFor(call.Principal))
        {
            // What a request must have or bring along is no property of the model.
            if (rule.Effect != PolicyEffect.Require && rule.IsFor(call) && rule.IsNow(call))
            {
                tally.Add(rule, call);
            }
        }
        return !tally.Decide(call, isRouted: false).IsRefused;
    }

    /// <summary>Every rule that is for the call, by name.</summary>
    public IEnumerable<PolicyRule> Matching(PolicyCall call) => _rules.Where(rule => rule.Matches(call));

    private PolicyDecision DecideByRules(in PolicyCall call, bool isRouted)
    {
        if (_rules.Length == 0)
        {
            return default;
        }
        var plan = PlanFor(call);
        var tally = plan.Certain;
        foreach (var rule in plan.Open)
        {
            if (rule.IsNow(call))
            {
                tally.Add(rule, call);
            }
        }
        return tally.Decide(call, isRouted);
    }

    private static bool IsForKey(in PolicyCall call) => ResourceSet.Contains(call.Principal.Models, [], [], call.Provider, call.Model, call.Dialect);

    private PolicyPlan PlanFor(in PolicyCall call)
    {
        ref var place = ref _plans[HashCode.Combine(RuntimeHelpers.GetHashCode(call.Principal), call.Provider, call.Model, call.Dialect) & (MostPlans - 1)];
        if (Volatile.Read(ref place) is { } known && known.IsFor(call))
        {
            return known;
        }
        var plan = new PolicyPlan(call, RulesFor(call.Principal));
        Volatile.Write(ref place, plan);
        return plan;
    }

    private PolicyRule[] RulesFor(Principal caller)
    {
        ref var place = ref _callers[RuntimeHelpers.GetHashCode(caller) & (MostCallers - 1)];
        if (Volatile.Read(ref place) is { } known && ReferenceEquals(known.Caller, caller))
        {
            return known.Rules;
        }
        var rules = Array.FindAll(_rules, rule => rule.IsBy(caller));
        Volatile.Write(ref place, new CallerRules(caller, rules));
        return rules;
    }

    private sealed record CallerRules(Principal Caller, PolicyRule[] Rules);

    /// <summary>What is certain of all calls of one caller for one target, and the rules that must be asked for each.</summary>
    private sealed class PolicyPlan
    {
        private readonly Principal _caller;
        private readonly string? _provider;
        private readonly string? _model;
        private readonly Dialect _dialect;

        public readonly PolicyTally Certain;

        public PolicyPlan(in PolicyCall call, PolicyRule[] rules)
        {
            (_caller, _provider, _model, _dialect) = (call.Principal, call.Provider, call.Model, call.Dialect);
            var open = new List<PolicyRule>();
            foreach (var rule in rules)
            {
                if (!rule.IsFor(call))
                {
                    continue;
                }
                if (rule.IsOpen(call.Principal))
                {
                    open.Add(rule);
                }
                else
                {
                    Certain.Add(rule, call);
                }
            }
            Open = [.. open];
        }

        public PolicyRule[] Open { get; }

        public bool IsFor(in PolicyCall call) =>
            ReferenceEquals(call.Principal, _caller) && call.Model == _model && call.Provider == _provider && call.Dialect == _dialect;
    }
}
