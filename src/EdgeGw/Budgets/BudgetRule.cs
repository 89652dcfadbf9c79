using System.Collections.Concurrent;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>A configured budget, ready to be asked for the slot that a request falls into.</summary>
public sealed class BudgetRule
{
    private readonly BudgetConfig _config;
    private readonly ConcurrentDictionary<string, SlotReference> _current = new(StringComparer.Ordinal);

    public BudgetRule(BudgetConfig config)
    {
        _config = config;
    }

    public string Name => _config.Name;

    /// <summary>What one slot may spend in one window.</summary>
    public NanoUsd Limit => _config.Amount;

    public bool IsShared => _config.Per.Count == 0;

    /// <summary>The slot of this principal in the window around <paramref name="now"/>.</summary>
    public SlotReference SlotOf(Principal principal, DateTimeOffset now)
    {
        var scope = ScopeOf(principal);
        if (_current.TryGetValue(scope, out var slot) && slot.Window.Contains(now))
        {
            return slot;
        }
        slot = new SlotReference(Name, scope, WindowSpan.Around(now, _config.Window, _config.TimeZone));
        _current[scope] = slot;
        return slot;
    }

    private string ScopeOf(Principal principal) => IsShared ? string.Empty : principal.KeyName ?? "anonymous";
}
