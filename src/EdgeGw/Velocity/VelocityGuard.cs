using System.Buffers;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Matching;
using EdgeGw.Pricing;

namespace EdgeGw.Velocity;

/// <summary>Watches how fast each scope spends, against what is usual for it.</summary>
/// <remarks>
/// Thread-safe by one lock, held for memory work alone. It sees what was settled: calls that run are not counted yet. Beyond
/// <see cref="MaxScopes"/> scopes those are forgotten that were unused for longest.
/// </remarks>
public sealed class VelocityGuard(TimeProvider time, int maxScopes = VelocityGuard.MaxScopes)
{
    public const int MaxScopes = 65_536;

    /// <summary>Of the most scopes, the part that is forgotten at once, so that not every new one costs a walk over all.</summary>
    private const int Share = 16;

    [ThreadStatic]
    private static List<string>? _names;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, VelocityScope> _scopes = new(StringComparer.Ordinal);
    private volatile VelocityRule? _rule;

    /// <summary>Told, once for each episode, by the thread that settles: it must not wait. With the moment when the episode began.</summary>
    public Action<SpendVelocity, DateTimeOffset>? Exceeded { get; set; }

    /// <summary>Nothing is watched.</summary>
    public bool IsOff => _rule is null;

    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _scopes.Count;
            }
        }
    }

    /// <summary>Another configuration from now on; what was learned stays as long as the dimensions do.</summary>
    /// <param name="config">Null: nothing is watched.</param>
    public void UseRule(VelocityConfig? config)
    {
        lock (_lock)
        {
            var rule = config is null ? null : new VelocityRule(config);
            if (rule?.Dimensions != _rule?.Dimensions)
            {
                _scopes.Clear();
            }
            _rule = rule;
        }
    }

    /// <summary>Before a call.</summary>
    /// <param name="wait">How long its scope is to wait; zero: the call may go.</param>
    /// <returns>Null, or the explanation when one of the call's scopes is in an episode.</returns>
    internal SpendVelocity? Check(in CallSubject subject, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        SpendVelocity? explanation = null;
        lock (_lock)
        {
            if (_rule is not { } rule)
            {
                return null;
            }
            var now = time.GetUtcNow().UtcTicks;
            foreach (var name in NamesOf(rule, subject))
            {
                if (!_scopes.TryGetValue(name, out var scope))
                {
                    continue;
                }
                scope.Advance(now, rule);
                if (!scope.InEpisode)
                {
                    continue;
                }
                var needed = rule.Config.Action == VelocityAction.Throttle ? scope.WaitFor(now, rule) : TimeSpan.Zero;
                if (explanation is null || needed > wait)
                {
                    explanation = scope.Explain(rule);
                    wait = needed;
                }
            }
        }
        return explanation;
    }

    /// <summary>A call was settled.</summary>
    /// <returns>Null, or the explanation when one of the call's scopes is in an episode.</returns>
    internal SpendVelocity? Spend(in CallSubject subject, NanoUsd cost)
    {
        if (cost <= NanoUsd.Zero)
        {
            return null;
        }
        SpendVelocity? explanation = null;
        List<(SpendVelocity, DateTimeOffset)>? begun = null;
        lock (_lock)
        {
            if (_rule is not { } rule)
            {
                return null;
            }
            var now = time.GetUtcNow().UtcTicks;
            foreach (var name in NamesOf(rule, subject))
            {
                var scope = Open(name);
                scope.Advance(now, rule);
                var begins = scope.Spend(cost, now, rule);
                if (scope.InEpisode)
                {
                    explanation = scope.Explain(rule);
                }
                if (begins)
                {
                    (begun ??= []).Add((explanation!, scope.EpisodeStart));
                }
            }
        }
        for (var i = 0; i < begun?.Count; i++)
        {
            Exceeded?.Invoke(begun[i].Item1, begun[i].Item2);
        }
        return explanation;
    }

    /// <summary>Forgets what is usual for a person.</summary>
    internal void Erase(Erasure person)
    {
        lock (_lock)
        {
            foreach (var name in _scopes.Keys.Where(person.IsInScope).ToArray())
            {
                _scopes.Remove(name);
            }
        }
    }

    /// <summary>Writes all that was learned; <see cref="Read"/> takes it back after a restart.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        lock (_lock)
        {
            if (_rule is { } rule)
            {
                VelocityCodec.Write(output, rule.Dimensions, _scopes.Values);
            }
        }
    }

    /// <summary>Takes back what was written for the same dimensions; the configuration must be in use already.</summary>
    public void Read(ReadOnlySpan<byte> input)
    {
        lock (_lock)
        {
            if (_rule is not { } rule)
            {
                return;
            }
            foreach (var scope in VelocityCodec.Read(input, rule.Dimensions))
            {
                _scopes[scope.Name] = scope;
            }
        }
    }

    private static List<string> NamesOf(VelocityRule rule, in CallSubject subject)
    {
        var names = _names ??= [];
        names.Clear();
        CallScope.AddTo(names, rule.Config.Per, subject);
        return names;
    }

    private VelocityScope Open(string name)
    {
        if (!_scopes.TryGetValue(name, out var scope))
        {
            if (_scopes.Count >= maxScopes)
            {
                foreach (var idle in _scopes.Values.OrderBy(static each => each.LastUsed).Take(Math.Max(1, maxScopes / Share)).ToArray())
                {
                    _scopes.Remove(idle.Name);
                }
            }
            _scopes.Add(name, scope = new VelocityScope(name));
        }
        return scope;
    }
}
