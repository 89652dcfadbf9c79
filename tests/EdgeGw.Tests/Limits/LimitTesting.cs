using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Limits;
using EdgeGw.Matching;

namespace EdgeGw.Tests.Limits;

/// <summary>Limits and calls as the tests of this folder need them.</summary>
internal static class LimitTesting
{
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    public static LimitConfig Limit(LimitKind kind, long amount, LimitAlgorithm algorithm = LimitAlgorithm.Gcra, string name = "limit") => new()
    {
        Name = name,
        Kind = kind,
        Amount = amount,
        Window = kind == LimitKind.Concurrent ? TimeSpan.Zero : Window,
        Algorithm = algorithm,
    };

    public static CallSubject By(string key) =>
        new(new Principal { KeyName = key, KeyId = key }, "openai", "gpt-4o", System.Collections.Frozen.FrozenDictionary<string, string>.Empty);

    /// <summary>The lease, or null when the call was refused.</summary>
    public static LimitLease? Take(this LimitTable table, string key = "a", long tokens = 1)
    {
        var lease = new LimitLease();
        return table.TryTake(By(key), tokens, lease) is null ? lease : null;
    }
}
