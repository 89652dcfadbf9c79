using System.Runtime.CompilerServices;
using EdgeGw.Identity;
using EdgeGw.Telemetry;

namespace EdgeGw.Budgets;

/// <summary>The plans of callers seen of late: a table in which a newer one takes an older one's place. Reading needs no lock.</summary>
internal sealed class CallPlans
{
    /// <summary>A power of two.</summary>
    private const int Size = 65_536;

    private readonly CallPlan?[] _plans = new CallPlan?[Size];
    private readonly Principal?[] _seen = new Principal?[Size];

    /// <summary>Null also where the call's own labels may have a say in what it is held on.</summary>
    public CallPlan? Find(BudgetRule[] rules, Principal principal, UsageRecord draft) =>
        draft.Metadata.Count == 0 && Volatile.Read(ref _plans[IndexOf(principal)]) is { } plan && plan.IsFor(rules, principal, draft) ? plan : null;

    /// <summary>Keeps what a call was held on. Under the ledger's lock.</summary>
    public void Remember(BudgetRule[] rules, Principal principal, UsageRecord draft, ReadOnlySpan<HeldSlot> held)
    {
        if (draft.Metadata.Count > 0)
        {
            return;
        }
        var index = IndexOf(principal);
        // A caller whose object is made for each call would never find its plan.
        if (!ReferenceEquals(_seen[index], principal))
        {
            _seen[index] = principal;
            return;
        }
        var entries = new CallPlan.Entry[held.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new CallPlan.Entry(held[i].Rule, held[i].Account, held[i].Account.Amount!.Value);
        }
        Volatile.Write(ref _plans[index], new CallPlan(rules, principal, draft, entries));
    }

    private static int IndexOf(Principal principal) => RuntimeHelpers.GetHashCode(principal) & (Size - 1);
}
