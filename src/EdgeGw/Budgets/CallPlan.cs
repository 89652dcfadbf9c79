using System.Runtime.CompilerServices;
using EdgeGw.Identity;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;

namespace EdgeGw.Budgets;

/// <summary>What a caller's last call was held on: its next one like it needs no matching and no lookups.</summary>
/// <remarks>Immutable. Good as long as the rules are the same and none of the accounts was put away.</remarks>
internal sealed class CallPlan
{
    private const int AccountBytes = 72;
    private const int SlotBytes = 96;

    private readonly BudgetRule[] _rules;
    private readonly string? _provider;
    private readonly string? _model;
    private readonly int _count;

    /// <summary>More than a <see cref="Few"/>; else null.</summary>
    private readonly Entry[]? _many;
    private readonly Few _few;

    private CallPlan(BudgetRule[] rules, UsageRecord draft, ReadOnlySpan<HeldSlot> held)
    {
        _rules = rules;
        _provider = draft.Provider;
        _model = draft.Model;
        _count = held.Length;
        _many = held.Length > Few.Most ? new Entry[held.Length] : null;
        Span<Entry> entries = _many is null ? _few : _many;
        for (var i = 0; i < held.Length; i++)
        {
            entries[i] = new Entry(held[i].Rule, held[i].Account, held[i].Account.Life, held[i].Slot, held[i].Account.Amount!.Value);
        }
    }

    public ReadOnlySpan<Entry> Entries => _many is null ? ((ReadOnlySpan<Entry>)_few)[.._count] : _many;

    /// <summary>Null also where the call's own labels may have a say in what it is held on.</summary>
    public static CallPlan? Of(Principal caller, BudgetRule[] rules, UsageRecord draft)
    {
        if (draft.Metadata.Count > 0 || !caller.HasNotes)
        {
            return null;
        }
        caller.Notes.Prefetch();
        return caller.Notes.Plan is CallPlan plan && plan.IsFor(rules, draft) ? plan : null;
    }

    /// <summary>Keeps what a call was held on. Under the ledger's lock.</summary>
    public static void Remember(Principal caller, BudgetRule[] rules, UsageRecord draft, ReadOnlySpan<HeldSlot> held)
    {
        if (draft.Metadata.Count == 0 && caller.HasNotes)
        {
            caller.Notes.Plan = new CallPlan(rules, draft, held);
        }
    }

    /// <summary>Has the processor fetch what the lock's holder will touch: of a million callers nothing is in its caches, and one wait for all is shorter than one for each.</summary>
    public void Prefetch()
    {
        foreach (ref readonly var entry in Entries)
        {
            if (!entry.Rule.IsShared)
            {
                CacheLines.Prefetch(entry.Account, AccountBytes);
                CacheLines.Prefetch(entry.Slot, SlotBytes);
            }
        }
    }

    private bool IsFor(BudgetRule[] rules, UsageRecord call) => ReferenceEquals(rules, _rules) && call.Provider == _provider && call.Model == _model;

    /// <param name="Life">The account's: when it is another one, the account was put away.</param>
    /// <param name="Slot">Where the call was charged, which most later ones are, too.</param>
    /// <param name="Amount">What the caller's account may spend by configuration.</param>
    internal readonly record struct Entry(BudgetRule Rule, BudgetAccount Account, int Life, LiveSlot Slot, NanoUsd Amount);

    /// <summary>As many as most plans have, in the plan itself: a list of its own would be one more object to wait for.</summary>
    [InlineArray(Most)]
    private struct Few
    {
        public const int Most = 4;

        private Entry _first;
    }
}
