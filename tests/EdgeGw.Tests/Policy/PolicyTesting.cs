using System.Collections.Frozen;
using System.Net;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Policy;

namespace EdgeGw.Tests.Policy;

/// <summary>Policies and calls as the tests of this folder need them.</summary>
internal static class PolicyTesting
{
    public static readonly DateTimeOffset Noon = new(2025, 11, 19, 12, 0, 0, TimeSpan.Zero);

    public static readonly IReadOnlyDictionary<string, string> NoLabels = FrozenDictionary<string, string>.Empty;

    public static Principal InGroups(params string[] groups) => new() { User = "ann", Groups = groups };

    public static PolicyMatch Group(params string[] groups) => new() { Calls = new CallMatch { Groups = groups } };

    public static PolicyConfig Allow(string name, PolicyMatch? match, params string[] models) =>
        new() { Name = name, Match = match, Effect = PolicyEffect.Allow, Allow = new ResourceMatch { Models = models } };

    public static PolicyConfig Deny(string name, PolicyMatch? match, string? reason = null) =>
        new() { Name = name, Match = match, Effect = PolicyEffect.Deny, Reason = reason };

    public static PolicyConfig Require(string name, PolicyMatch? match, long? maxOutput, params string[] labels) =>
        new() { Name = name, Match = match, Effect = PolicyEffect.Require, Require = new Requirement { MaxOutput = maxOutput, Metadata = labels } };

    public static PolicyConfig Route(string name, PolicyMatch? match, string target) =>
        new() { Name = name, Match = match, Effect = PolicyEffect.Route, Route = target };

    public static PolicyCall Call(Principal caller, string model, Dialect dialect = Dialect.ChatCompletions)
    {
        var slash = model.IndexOf('/');
        return new PolicyCall(
            caller, model[..slash], model[(slash + 1)..], dialect, NoLabels, new RequestFeatures(dialect != Dialect.Opaque, false, false, false, null, 100, true), Noon, IPAddress.Loopback);
    }

    /// <summary>The result and the deciding rule's name.</summary>
    public static (PolicyResult Result, string? Rule) Ask(this PolicySet policies, in PolicyCall call)
    {
        var decision = policies.Decide(call);
        return (decision.Result, decision.Rule?.Name);
    }

    /// <summary>Bytes that a thousand decisions on a known call allocate.</summary>
    public static long AllocatedBy(PolicySet policies, PolicyCall call) => Allocations.OfEach(() =>
    {
        for (var i = 0; i < 1000; i++)
        {
            policies.Decide(call);
        }
    });
}
