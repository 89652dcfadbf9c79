using System.Collections.Concurrent;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Matching;
using EdgeGw.Pricing;
using EdgeGw.Storage;

namespace EdgeGw.Budgets;

/// <summary>A configured budget, ready to be asked for the slots that a call falls into.</summary>
public sealed class BudgetRule
{
    /// <summary>Scopes whose running slot is remembered; beyond that it is made anew for each call.</summary>
    private const int MostRemembered = 100_000;

    [ThreadStatic]
    private static List<string>? _scopes;

    private readonly BudgetConfig _config;
    private readonly ConcurrentDictionary<string, SlotReference> _current = new(StringComparer.Ordinal);
    /// <summary>The amounts of slots that are not the usual one, as last used.</summary>
    private readonly ConcurrentDictionary<CounterKey, NanoUsd> _amounts = new();

    public BudgetRule(BudgetConfig config)
    {
        _config = config;
    }

    public string Name => _config.Name;

    public AtLimit AtLimit => _config.AtLimit;

    public bool IsShared => _config.Per.Count == 0;

    /// <summary>Adds the slots, in the windows around <paramref name="now"/>, on which the call must be held: none where the budget is not for it.</summary>
    internal void AddSlotsOf(in CallSubject subject, DateTimeOffset now, List<HeldSlot> slots)
    {
        if (_config.Match is { } match && !CallFilter.Matches(match, subject))
        {
            return;
        }
        var limit = LimitFor(subject.Principal);
        if (IsShared)
        {
            slots.Add(new HeldSlot(this, SlotOf(string.Empty, now), limit));
            return;
        }
        var scopes = _scopes ??= [];
        scopes.Clear();
        CallScope.AddTo(scopes, _config.Per, subject);
        foreach (var scope in scopes)
        {
            var slot = SlotOf(scope, now);
            if (_config.GroupAmounts.Count > 0)
            {
                _amounts[slot.Key] = limit;
            }
            slots.Add(new HeldSlot(this, slot, limit));
        }
    }

    /// <summary>The slot of a scope in the window around <paramref name="now"/>.</summary>
    internal SlotReference SlotOf(string scope, DateTimeOffset now)
    {
        if (_current.TryGetValue(scope, out var slot) && slot.Window.Contains(now))
        {
            return slot;
        }
        slot = new SlotReference(Name, scope, WindowSpan.Around(now, _config));
        if (_current.Count < MostRemembered || _current.ContainsKey(scope))
        {
            _current[scope] = slot;
        }
        return slot;
    }

    /// <summary>What a slot may spend in its window: for reports. Of a slot that no call has used since the start the usual amount.</summary>
    internal NanoUsd LimitOf(SlotReference slot) => _amounts.GetValueOrDefault(slot.Key, _config.Amount);

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
