using BenchmarkDotNet.Attributes;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Limits;
using EdgeGw.Matching;

namespace EdgeGw.Bench;

/// <summary>Admission and release of one call under two limits per key: requests, and tokens that are corrected.</summary>
[MemoryDiagnoser]
public class LimitBench
{
    private readonly LimitLease _lease = new();
    private LimitTable _table = null!;
    private CallSubject[] _callers = null!;
    private int _next;

    /// <summary>Distinct keys, each with a scope of its own in either limit.</summary>
    [Params(1, 10_000)]
    public int Keys { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var minute = TimeSpan.FromMinutes(1);
        _table = new LimitTable(
            [
                new() { Name = "rpm", Kind = LimitKind.Requests, Amount = 600, Window = minute, Per = [CallDimension.Key] },
                new() { Name = "tpm", Kind = LimitKind.Tokens, Amount = 200_000, Window = minute, Algorithm = LimitAlgorithm.Sliding, Per = [CallDimension.Key] },
            ], TimeProvider.System);
        _callers = [.. Enumerable.Range(0, Keys).Select(static i => new CallSubject(
            new Principal { KeyId = $"key_{i}", KeyName = $"key-{i}" }, "openai", "gpt-4o", System.Collections.Frozen.FrozenDictionary<string, string>.Empty))];
    }

    [Benchmark]
    public void TakeAndEnd()
    {
        // All given back, so that none is ever refused.
        _table.TryTake(_callers[_next++ % Keys], 500, _lease);
        _table.End(_lease, 0, 0);
    }
}
