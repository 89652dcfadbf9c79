using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Matching;
using EdgeGw.Pricing;
using EdgeGw.Storage;

namespace EdgeGw.Hosting.DryRuns;

/// <summary>Budgets that begin empty and are counted in memory alone, by the ledger's own rules for windows, scopes and admission.</summary>
internal sealed class TrialBudgets
{
    private readonly BudgetAccounts _accounts = new(new MemorySlots(), int.MaxValue);
    private readonly CallSlots _slots;
    private readonly BudgetRule[] _rules;
    private readonly List<ScopeOfCall> _scopes = [];

    public TrialBudgets(IEnumerable<BudgetConfig> budgets)
    {
        _slots = new CallSlots(_accounts, new BudgetRaises());
        _rules = [.. budgets.Select(budget => new BudgetRule(budget, _accounts.BookOf(budget)))];
    }

    public bool CouldRefuse(in CallSubject subject) => ScopesOf(subject).Exists(static scope => scope.Rule.CanRefuse);

    /// <param name="downgraded">The call goes already where such budgets want it, and passes them.</param>
    public HoldResult TryHold(in CallSubject subject, NanoUsd amount, DateTimeOffset now, bool downgraded)
    {
        _slots.Open(ScopesOf(subject), loaded: null, now);
        if (Admission.Decide(_slots.All, amount, downgraded, out var passed) is { } refusal)
        {
            return new HoldResult(null, refusal);
        }
        foreach (var held in _slots.All)
        {
            _accounts.Slots.Change(held.Slot, held.Slot.Value.WithHold(amount.Value, 0));
            held.Slot.Users++;
            held.Account.OpenHolds++;
        }
        var hold = new Hold();
        _slots.GiveTo(hold, sequence: 0, addressFloor: 0, amount);
        return new HoldResult(hold, null, passed);
    }

    public void Grow(Hold hold, NanoUsd amount)
    {
        foreach (var held in hold.Slots)
        {
            _accounts.Slots.Change(held.Slot, held.Slot.Value.WithHold(amount.Value, 0));
        }
        hold.Grow(amount);
    }

    /// <returns>Where it was charged: names, since a slot that falls out of use becomes another.</returns>
    public CounterKey[] End(Hold hold, NanoUsd cost)
    {
        var charged = new CounterKey[hold.Slots.Length];
        for (var i = 0; i < charged.Length; i++)
        {
            var slot = hold.Slots[i].Slot;
            charged[i] = slot.Key;
            _accounts.Slots.Change(slot, slot.Value.WithEnd(hold.Amount.Value, cost.Value, 0));
        }
        foreach (var held in hold.Slots)
        {
            held.Account.OpenHolds--;
            _accounts.Slots.Release(held.Slot);
        }
        hold.Clear();
        return charged;
    }

    /// <param name="charged">As <see cref="End"/> told.</param>
    public void Correct(CounterKey[] charged, NanoUsd delta)
    {
        foreach (var key in charged)
        {
            _accounts.Slots.Correct(key, delta.Value, 0);
        }
    }

    private List<ScopeOfCall> ScopesOf(in CallSubject subject)
    {
        _scopes.Clear();
        foreach (var rule in _rules)
        {
            rule.AddScopesOf(subject, _scopes);
        }
        return _scopes;
    }
}
