using EdgeGw.Configuration;

namespace EdgeGw.Limits;

/// <summary>What one call has taken of limits and what its caller is told of them. Reused from call to call; belongs to one at a time.</summary>
internal sealed class LimitLease
{
    private readonly LimitStatus[] _tightest = new LimitStatus[3];

    internal List<Taken> Takes { get; } = new(4);

    /// <summary>Names of a call's scopes, while they are looked up.</summary>
    internal List<string> Names { get; } = new(4);

    /// <summary>Limits that had no room and only watch.</summary>
    public List<string> Passed { get; } = [];

    /// <summary>Of the limits of a kind that applied, the one with the least remaining.</summary>
    public LimitStatus Tightest(LimitKind kind) => _tightest[(int)kind];

    internal void Clear()
    {
        Takes.Clear();
        Passed.Clear();
        Array.Clear(_tightest);
    }

    internal void Tell(LimitScope scope)
    {
        var rule = scope.Rule;
        ref var tightest = ref _tightest[(int)rule.Config.Kind];
        var remaining = Math.Max(0, scope.Remaining);
        if (!tightest.Applies || remaining < tightest.Remaining)
        {
            tightest = new(rule, remaining, rule.Duration(scope.Reset));
        }
    }

    internal readonly record struct Taken(LimitScope Scope, Int128 Mark, long Units);
}
