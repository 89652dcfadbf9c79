using System.Runtime.InteropServices;
using EdgeGw.Configuration;
using EdgeGw.Matching;
using EdgeGw.Policy;

namespace EdgeGw.Limits;

/// <summary>All limits and what is taken of them. A call takes of every limit that applies or of none.</summary>
/// <remarks>
/// Thread-safe by one lock, held for memory work alone. In memory only and bounded: beyond <see cref="MaxScopes"/> scopes those are
/// forgotten from which nobody would notice (<see cref="ScopeEviction"/>).
/// </remarks>
public sealed class LimitTable
{
    public const int MaxScopes = 65_536;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly int _maxScopes;
    private volatile LimitRule[] _rules = [];
    private long _admissions;
    private int _scopes;
    private bool _readsClock;

    /// <param name="maxScopes">Scopes that are remembered at once.</param>
    public LimitTable(IReadOnlyList<LimitConfig> limits, TimeProvider time, int maxScopes = MaxScopes)
    {
        _time = time;
        _maxScopes = maxScopes;
        UseRules(limits);
    }

    /// <summary>No call is limited.</summary>
    public bool IsEmpty => _rules.Length == 0;

    /// <summary>Some limit counts tokens, so that calls must be estimated.</summary>
    public bool CountsTokens { get; private set; }

    /// <summary>Some limit is set by a policy.</summary>
    public bool AsksPolicies { get; private set; }

    /// <summary>Other limits apply from the next call on. Those that count alike under the same name keep what they have counted.</summary>
    public void UseRules(IReadOnlyList<LimitConfig> limits)
    {
        lock (_lock)
        {
            var before = _rules;
            _rules = [.. limits.Select(limit => new LimitRule(limit, _time, Array.Find(before, rule => LimitRule.CountAlike(rule.Config, limit))))];
            _scopes = _rules.Sum(static rule => rule.Scopes.Count);
            _readsClock = _rules.Any(static rule => rule.IsByClock);
            CountsTokens = limits.Any(static limit => limit.Kind == LimitKind.Tokens);
            AsksPolicies = limits.Any(static limit => limit.Policy is not null);
        }
    }

    /// <summary>Takes a request, <paramref name="tokens"/> and a place among the running calls, where limits of these kinds apply.</summary>
    /// <param name="lease">Gets what was taken. <see cref="End"/> must follow when nothing was refused, and may in any case.</param>
    /// <param name="call">The same call as policies see it, where <see cref="AsksPolicies"/>.</param>
    /// <returns>Null, or why nothing was taken.</returns>
    internal LimitRefusal? TryTake(in CallSubject subject, long tokens, LimitLease lease, in PolicyCall call = default)
    {
        lease.Clear();
        lock (_lock)
        {
            var now = Now();
            LimitRefusal? refusal = null;
            foreach (var rule in _rules)
            {
                if (!rule.IsFor(subject, call))
                {
                    continue;
                }
                lease.Names.Clear();
                CallScope.AddTo(lease.Names, rule.Config.Per, subject);
                foreach (var name in lease.Names)
                {
                    refusal = Reserve(Open(rule, name, now), now, rule.UnitsOf(tokens), lease) is { } refused ? Longer(refusal, refused) : refusal;
                }
            }
            Finish(lease, refusal is null);
            return refusal;
        }
    }

    /// <summary>The call has ended: it runs no longer, and what it took is corrected. A second time changes nothing.</summary>
    /// <param name="requests">1, or 0 when the call shall not have counted.</param>
    /// <param name="tokens">What it used; null: not known, the reservation stands.</param>
    internal void End(LimitLease lease, long requests, long? tokens)
    {
        if (lease.Takes.Count == 0)
        {
            return;
        }
        lock (_lock)
        {
            var now = Now();
            foreach (var (scope, mark, units) in lease.Takes)
            {
                scope.Running--;
                var used = scope.Rule.Config.Kind switch
                {
                    LimitKind.Requests => requests,
                    LimitKind.Tokens => tokens ?? units,
                    _ => units,
                };
                if (used != units)
                {
                    scope.Advance(scope.Rule.TicksOf(now));
                    scope.Correct(mark, units, used);
                }
            }
            lease.Takes.Clear();
        }
    }

    /// <summary>The limits that apply to a call as they stand now. Takes nothing, and opens no scope.</summary>
    internal IReadOnlyList<(LimitConfig Limit, string Scope, long Remaining, long Needed)> Preview(in CallSubject subject, in PolicyCall call, long tokens)
    {
        var found = new List<(LimitConfig, string, long, long)>();
        var names = new List<string>();
        lock (_lock)
        {
            var now = Now();
            foreach (var rule in _rules)
            {
                if (!rule.IsFor(subject, call))
                {
                    continue;
                }
                names.Clear();
                CallScope.AddTo(names, rule.Config.Per, subject);
                foreach (var name in names)
                {
                    var scope = rule.Scopes.GetValueOrDefault(name);
                    scope?.Advance(rule.TicksOf(now));
                    found.Add((rule.Config, name, Math.Max(0, scope?.Remaining ?? rule.Capacity), rule.UnitsOf(tokens)));
                }
            }
        }
        return found;
    }

    /// <summary>How many scopes are remembered, and how many calls run in them.</summary>
    internal (int Scopes, int Running) Count()
    {
        lock (_lock)
        {
            return (_scopes, _rules.Sum(static rule => rule.Scopes.Values.Sum(static scope => scope.Running)));
        }
    }

    /// <summary>Notes the scope for the second pass, which takes when no limit refuses. It counts as running from here on, so that it is not forgotten meanwhile.</summary>
    private LimitRefusal? Reserve(LimitScope scope, LimitMoment now, long units, LimitLease lease)
    {
        var rule = scope.Rule;
        scope.Advance(rule.TicksOf(now));
        LimitRefusal? refusal = null;
        if (!scope.HasRoom(units))
        {
            if (rule.Config.AtLimit == AtLimit.Shadow)
            {
                // Not taken: what follows must look as it would if this call had been refused.
                lease.Passed.Add(rule.Config.Name);
                return null;
            }
            var wait = units > rule.Capacity ? TimeSpan.Zero : rule.Duration(scope.WaitFor(units));
            refusal = new(rule.Config, rule.Capacity, Math.Max(0, scope.Remaining), units, wait);
        }
        scope.Running++;
        scope.LastUsed = _admissions;
        lease.Takes.Add(new(scope, 0, units));
        return refusal;
    }

    private void Finish(LimitLease lease, bool takes)
    {
        _admissions++;
        foreach (ref var taken in CollectionsMarshal.AsSpan(lease.Takes))
        {
            var scope = taken.Scope;
            if (takes)
            {
                taken = taken with { Mark = scope.Take(taken.Units) };
            }
            else
            {
                scope.Running--;
            }
            if (scope.Rule.Config.AtLimit == AtLimit.Block)
            {
                lease.Tell(scope);
            }
        }
        if (!takes)
        {
            lease.Takes.Clear();
        }
    }

    private LimitScope Open(LimitRule rule, string name, LimitMoment now)
    {
        if (!rule.Scopes.TryGetValue(name, out var scope))
        {
            if (_scopes >= _maxScopes)
            {
                _scopes -= ScopeEviction.MakeRoom(_rules, now, _maxScopes);
            }
            scope = rule.NewScope();
            rule.Scopes.Add(name, scope);
            _scopes++;
        }
        return scope;
    }

    /// <summary>Under the lock, so that time never goes back between two calls. A rule that was replaced meanwhile may lack its clock: nothing asks it again.</summary>
    private LimitMoment Now() => new(_time.GetTimestamp(), _readsClock ? _time.GetUtcNow().Ticks : 0);

    private static LimitRefusal Longer(LimitRefusal? one, LimitRefusal other) =>
        one is null || (!one.NeverFits && (other.NeverFits || other.Wait > one.Wait)) ? other : one;
}
