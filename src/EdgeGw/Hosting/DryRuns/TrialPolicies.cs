using System.Collections.Frozen;
using EdgeGw.Configuration;
using EdgeGw.Policy;

namespace EdgeGw.Hosting.DryRuns;

/// <summary>Policies as far as records can be judged by them. Those that ask for what no record has are set apart.</summary>
internal sealed class TrialPolicies
{
    private readonly PolicySet _judged;
    private readonly PolicySet _open;
    private readonly Dictionary<string, string> _missing = new(StringComparer.Ordinal);

    /// <param name="knowsRequests">The records say what was asked for: <see cref="Telemetry.UsageRecord.Request"/>.</param>
    public TrialPolicies(IEnumerable<PolicyConfig> policies, bool knowsRequests)
    {
        var (judged, open) = (new List<PolicyConfig>(), new List<PolicyConfig>());
        foreach (var policy in policies)
        {
            var missing = string.Join(" and ", Missing(policy, knowsRequests));
            if (missing.Length == 0)
            {
                judged.Add(policy);
            }
            else
            {
                _missing.Add(policy.Name, missing);
                open.Add(Known(policy, knowsRequests));
            }
        }
        _judged = new PolicySet(judged);
        _open = new PolicySet(open);
    }

    public PolicyDecision Decide(in PolicyCall call, bool isRouted) => _judged.Decide(call, isRouted);

    /// <summary>The rules that may have had a say in the call, and what it takes to know; they were not asked.</summary>
    public IEnumerable<(string Rule, string Missing)> Unjudged(PolicyCall call) => _open.Matching(call).Select(rule => (rule.Name, _missing[rule.Name]));

    private static IEnumerable<string> Missing(PolicyConfig policy, bool knowsRequests)
    {
        var matches = policy.Match is { } match ? match.Except.Prepend(match).ToArray() : [];
        if (matches.Any(static each => each.Claims.Count > 0))
        {
            yield return "claims";
        }
        if (matches.Any(static each => each.Networks.Count > 0))
        {
            yield return "network";
        }
        if (!knowsRequests && (matches.Any(static each => each.Request is not null) || policy.Require?.MaxOutput is not null))
        {
            yield return "request (recorded by an older build)";
        }
    }

    /// <summary>Without what is not known: the calls that the rule may be for.</summary>
    private static PolicyConfig Known(PolicyConfig policy, bool knowsRequests) => policy.Match is not { } match ? policy : policy with
    {
        Match = match with
        {
            Claims = FrozenDictionary<string, IReadOnlyList<string>>.Empty,
            Networks = [],
            Request = knowsRequests ? match.Request : null,
            Except = [.. match.Except.Where(each => each.Claims.Count == 0 && each.Networks.Count == 0 && (knowsRequests || each.Request is null))],
        },
    };
}
