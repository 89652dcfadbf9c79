using EdgeGw.Identity;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;

namespace EdgeGw.Budgets;

/// <summary>What a caller's last call was held on: its next one like it needs no matching and no lookups.</summary>
/// <remarks>Immutable. Good as long as the rules are the same and none of the accounts was put away.</remarks>
internal sealed class CallPlan
{
    private readonly BudgetRule[] _rules;
    private readonly string? _provider;
    private readonly string? _model;
    private readonly Entry[] _entries;

    private CallPlan(BudgetRule[] rules, UsageRecord draft, ReadOnlySpan<HeldSlot> held)
    {
        _rules = rules;
        _provider = draft.Provider;
        _model = draft.Model;
        _entries = new Entry[held.Length];
        for (var i = 0; i < held.Length; i++)
        {
            _entries[i] = new Entry(held[i].Rule, held[i].Account, held[i].Account.Life, held[i].Slot, held[i].Account.Amount!.Value);
        }
    }

    public ReadOnlySpan<Entry> Entries => _entries;

    /// <summary>Null also where the call's own labels may have a say in what it is held on.</summary>
    public static CallPlan? Of(CallerNotes? notes, BudgetRule[] rules, UsageRecord draft) =>
        draft.Metadata.Count == 0 && notes?.Plan is CallPlan plan && plan.IsFor(rules, draft) ? plan : null;

    /// <summary>Keeps what a call was held on. Under the ledger's lock.</summary>
    public static void Remember(CallerNotes? notes, BudgetRule[] rules, UsageRecord draft, ReadOnlySpan<HeldSlot> held)
    {
        if (notes is not null && draft.Metadata.Count == 0)
        {
            notes.Plan = new CallPlan(rules, draft, held);
        }
    }

    /// <summary>Has the processor fetch what the lock's holder will touch: of a million callers nothing is in its caches, and one wait for all is shorter than one for each.</summary>
    public void Prefetch()
    {
        foreach (ref readonly var entry in _entries.AsSpan())
        {
            if (!entry.Rule.IsShared)
            {
                CacheLines.Prefetch(entry.Account, 2);
                CacheLines.Prefetch(entry.Slot, 3);
            }
        }
    }

    private bool IsFor(BudgetRule[] rules, UsageRecord call) => ReferenceEquals(rules, _rules) && call.Provider == _provider && call.Model == _model;

    /// <param name="Life">The account's: when it is another one, the account was put away.</param>
    /// <param name="Slot">Where the call was charged, which most later ones are, too.</param>
    /// <param name="Amount">What the caller's account may spend by configuration.</param>
    internal readonly record struct Entry(BudgetRule Rule, BudgetAccount Account, int Life, LiveSlot Slot, NanoUsd Amount);
}
