using BenchmarkDotNet.Attributes;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Matching;
using EdgeGw.Pricing;
using EdgeGw.Velocity;

namespace EdgeGw.Bench;

/// <summary>What one call costs under the guard against runaway spending: the check before it and its cost after it.</summary>
[MemoryDiagnoser]
public class VelocityBench
{
    private VelocityGuard _guard = null!;
    private CallSubject[] _callers = null!;
    private int _next;

    /// <summary>Distinct users, each with a scope of its own.</summary>
    [Params(1, 10_000)]
    public int Users { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _guard = new VelocityGuard(TimeProvider.System);
        _guard.UseRule(new VelocityConfig { Per = [CallDimension.User], MinimumPerHour = NanoUsd.FromDollars(1_000_000), Action = VelocityAction.Throttle });
        _callers = [.. Enumerable.Range(0, Users).Select(static i => new CallSubject(
            new Principal { User = $"user-{i}" }, "openai", "gpt-4o", System.Collections.Frozen.FrozenDictionary<string, string>.Empty))];
    }

    [Benchmark]
    public void CheckAndSpend()
    {
        var caller = _callers[_next++ % Users];
        _guard.Check(caller, out _);
        _guard.Spend(caller, new NanoUsd(1));
    }
}
