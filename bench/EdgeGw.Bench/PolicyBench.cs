using System.Collections.Frozen;
using BenchmarkDotNet.Attributes;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Policy;

namespace EdgeGw.Bench;

/// <summary>What policies cost a call of a known caller in a hundred groups, for a known model.</summary>
[MemoryDiagnoser]
public class PolicyBench
{
    private PolicySet _policies = null!;
    private PolicyCall _call;

    [Params(10, 1_000)]
    public int Policies { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _policies = new PolicySet(Enumerable.Range(0, Policies).Select(static i => new PolicyConfig
        {
            Name = $"policy-{i}",
            Match = new PolicyMatch { Calls = new CallMatch { Groups = [$"group-{i}"] } },
            Effect = PolicyEffect.Allow,
            Allow = new ResourceMatch { Models = [$"openai/gpt-{i}*"] },
        }));
        var caller = new Principal { User = "ann", Groups = [.. Enumerable.Range(0, 100).Select(static i => $"group-{i}")] };
        _call = new PolicyCall(
            caller, "openai", "gpt-5", Dialect.ChatCompletions, FrozenDictionary<string, string>.Empty,
            new RequestFeatures(true, false, false, false, null, 1000, true), DateTimeOffset.UnixEpoch, null);
    }

    [Benchmark]
    public bool Decide() => _policies.Decide(_call).IsRefused;
}
