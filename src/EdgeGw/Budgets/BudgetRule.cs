using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Matching;
using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>A configured budget, ready to be asked for the scopes that a call falls into.</summary>
public sealed class BudgetRule
{
    [ThreadStatic]
    private static List<string>? _scopes;

    private readonly BudgetConfig _config;
    private readonly int[] _alerts;

    internal BudgetRule(BudgetConfig config, BudgetBook book)
    {
        _config = config;
        _alerts = [.. config.Alerts];
        Book = book;
    }

    public string Name => _config.Name;

    public AtLimit AtLimit => _config.AtLimit;

    public string? Downgrade => _config.Downgrade;

    public bool IsHard => _config.Hard;

    public bool IsShared => _config.Per.Count == 0;

    /// <summary>A call that it has no room for does not go where it was to go.</summary>
    public bool CanRefuse => AtLimit is AtLimit.Block or AtLimit.Downgrade;

    /// <summary>What an account may spend unless a group's amount says otherwise.</summary>
    public NanoUsd Amount => _config.Amount;

    internal ReadOnlySpan<int> Alerts => _alerts;

    internal BudgetBook Book { get; }

    /// <summary>Adds the scopes on which a call must be held: none where the budget is not for it, several for a member of several groups.</summary>
    internal void AddScopesOf(in CallSubject subject, List<ScopeOfCall> scopes)
    {
        if (_config.Match is { } match && !CallFilter.Matches(match, subject))
        {
            return;
        }
        var limit = LimitFor(subject.Principal);
        if (IsShared)
        {
            scopes.Add(new ScopeOfCall(this, string.Empty, limit));
            return;
        }
        var values = _scopes ??= [];
        values.Clear();
        CallScope.AddTo(values, _config.Per, subject);
        foreach (var scope in values)
        {
            scopes.Add(new ScopeOfCall(this, scope, limit));
        }
    }

    private NanoUsd LimitFor(Principal principal)
    {
        if (_config.GroupAmounts.Count == 0)
        {
            return _config.Amount;
        }
        NanoUsd? highest = null;
        for (var i = 0; i < principal.Groups.Count; i++)
        {
            if (_config.GroupAmounts.TryGetValue(principal.Groups[i], out var amount) && (highest is null || amount > highest))
            {
                highest = amount;
            }
        }
        return highest ?? _config.Amount;
    }
}

/// <summary>A scope of a budget that a call falls into, and what that caller may spend there.</summary>
/// <param name="Amount">By configuration.</param>
/// <param name="Raised">On top of it, for now.</param>
internal readonly record struct ScopeOfCall(BudgetRule Rule, string Scope, NanoUsd Amount, NanoUsd Raised = default);
