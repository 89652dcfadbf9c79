using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>The slots of the call at hand: found, or opened, and then given to its hold. Only used under the ledger's lock.</summary>
internal sealed class CallSlots(BudgetAccounts accounts, BudgetRaises raises)
{
    private HeldSlot[] _slots = new HeldSlot[8];
    private int _count;

    public ReadOnlySpan<HeldSlot> All => _slots.AsSpan(0, _count);

    /// <summary>Those of a call like its caller's last one; false when one of the accounts was put away since.</summary>
    public bool TryFollow(CallPlan plan, DateTimeOffset now)
    {
        Begin(plan.Entries.Length);
        foreach (var (rule, account, life, _, amount) in plan.Entries)
        {
            if (account.Life != life)
            {
                return false;
            }
            accounts.Use(account, now);
            Add(new ScopeOfCall(rule, account.Scope, amount, raises.Of(rule.Name, account.Scope, now)), account);
        }
        return true;
    }

    /// <summary>Those of these scopes; false when one has no account in use.</summary>
    public bool TryFind(List<ScopeOfCall> scopes, DateTimeOffset now)
    {
        Begin(scopes.Count);
        foreach (var scope in scopes)
        {
            if (!accounts.TryFind(scope.Rule.Book, scope.Scope, now, out var account))
            {
                return false;
            }
            Add(scope, account);
        }
        return true;
    }

    /// <summary>Those of these scopes, whose accounts come into use.</summary>
    /// <param name="loaded">Read ahead; null: what is needed is read now.</param>
    public void Open(List<ScopeOfCall> scopes, LoadedSlots? loaded, DateTimeOffset now)
    {
        Begin(scopes.Count);
        accounts.MakeRoom();
        for (var i = 0; i < scopes.Count; i++)
        {
            Add(scopes[i], accounts.Open(scopes[i].Rule.Book, scopes[i].Scope, now, loaded is null ? default : loaded.Of(i)));
        }
    }

    /// <summary>The hold has them from here on.</summary>
    public void GiveTo(Hold hold, long sequence, long addressFloor, NanoUsd amount)
    {
        _slots = hold.Begin(sequence, addressFloor, amount, _slots, _count);
        _count = 0;
    }

    private void Begin(int most)
    {
        _count = 0;
        if (_slots.Length < most)
        {
            _slots = new HeldSlot[most];
        }
    }

    private void Add(in ScopeOfCall scope, BudgetAccount account)
    {
        account.Amount = scope.Amount;
        _slots[_count++] = new HeldSlot(scope.Rule, account, account.Current, scope.Amount + scope.Raised);
    }
}
