namespace EdgeGw.Limits;

/// <summary>Which scopes are forgotten when there are too many. One that forgets what it refuses lets a flood through (LiteLLM#40221), so such go last.</summary>
internal static class ScopeEviction
{
    /// <summary>Of the most scopes that are kept, the part that is freed at once, so that not every new scope costs a walk over all.</summary>
    private const int Share = 16;

    private enum Standing
    {
        /// <summary>Equal to a new one.</summary>
        Idle,
        /// <summary>Something is taken, and something is left.</summary>
        Open,
        Refusing,
        /// <summary>Its calls would not be counted any more.</summary>
        Running,
    }

    /// <summary>Forgets all idle scopes, else open ones, those that were unused for longest first; others only where there is nothing else, one at a time.</summary>
    /// <returns>How many were forgotten.</returns>
    public static int MakeRoom(IReadOnlyList<LimitRule> rules, LimitMoment now, int maxScopes)
    {
        var wanted = Math.Max(1, maxScopes / Share);
        var forgotten = 0;
        var others = new List<(Standing Standing, long LastUsed, LimitRule Rule, string Name)>();
        foreach (var rule in rules)
        {
            foreach (var (name, scope) in rule.Scopes)
            {
                scope.Advance(rule.TicksOf(now));
                var standing = StandingOf(scope);
                if (standing == Standing.Idle)
                {
                    rule.Scopes.Remove(name);
                    forgotten++;
                }
                else
                {
                    others.Add((standing, scope.LastUsed, rule, name));
                }
            }
        }
        if (forgotten >= wanted)
        {
            return forgotten;
        }
        others.Sort(static (a, b) => (a.Standing, a.LastUsed).CompareTo((b.Standing, b.LastUsed)));
        foreach (var (standing, _, rule, name) in others)
        {
            if (forgotten >= wanted || (standing > Standing.Open && forgotten > 0))
            {
                break;
            }
            rule.Scopes.Remove(name);
            forgotten++;
        }
        return forgotten;
    }

    private static Standing StandingOf(LimitScope scope)
    {
        if (scope.Running > 0)
        {
            return Standing.Running;
        }
        return scope.IsFresh ? Standing.Idle : scope.Remaining > 0 ? Standing.Open : Standing.Refusing;
    }
}
