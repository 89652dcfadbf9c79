using System.Diagnostics.CodeAnalysis;
using EdgeGw.Configuration;
using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>The accounts in use, bounded: those that were not used for longest are put away, and loaded again when they are needed.</summary>
/// <remarks>Only touched under the ledger's lock, but for reading ahead.</remarks>
internal sealed class BudgetAccounts(ISlotStore store, int mostSlots)
{
    // With their account, its name and their entries in the tables.
    private const int BytesPerSlot = 400;

    // Objects that have lived long are used again: dead ones cost a collection of all that there are.
    private const int MostClosed = 1_024;

    private readonly Dictionary<(string Budget, BudgetWindow Window), BudgetBook> _books = [];
    private readonly List<BudgetAccount> _all = [];
    private readonly Stack<BudgetAccount> _closed = [];
    private int _hand;

    public SlotCache Slots { get; } = new(store);

    /// <summary>How many slots to keep in memory: as many as an eighth of it holds, at least 65,536 (26 MB).</summary>
    /// <param name="memory">Bytes that the process may use.</param>
    public static int MostSlotsFor(long memory) => (int)Math.Clamp(memory / 8 / BytesPerSlot, 65_536, int.MaxValue);

    public BudgetBook BookOf(BudgetConfig budget)
    {
        if (!_books.TryGetValue((budget.Name, budget.Window), out var book))
        {
            book = new BudgetBook(budget.Name, budget.Window);
            _books.Add((budget.Name, budget.Window), book);
        }
        return book;
    }

    /// <summary>The configuration has changed: what accounts may spend shows with their next call.</summary>
    public void ForgetAmounts() => _all.ForEach(static account => account.Amount = null);

    /// <summary>The account of a scope that is in use, its window brought to an instant.</summary>
    public bool TryFind(BudgetBook book, string scope, DateTimeOffset now, [NotNullWhen(true)] out BudgetAccount? account)
    {
        if (!book.Accounts.TryGetValue(scope, out account))
        {
            return false;
        }
        Use(account, now);
        return true;
    }

    public void Use(BudgetAccount account, DateTimeOffset now)
    {
        account.MoveTo(now, Slots);
        account.IsRecent = true;
    }

    /// <summary>Reads those accounts that are not in use. What comes into use meanwhile is not taken from here.</summary>
    /// <param name="gate">The ledger's lock, which must not be held: this may wait for the disk.</param>
    public void ReadAhead(List<ScopeOfCall> scopes, DateTimeOffset now, Lock gate, LoadedSlots loaded)
    {
        loaded.Clear();
        foreach (var scope in scopes)
        {
            bool isInUse;
            lock (gate)
            {
                isInUse = scope.Rule.Book.Accounts.ContainsKey(scope.Scope);
            }
            if (!isInUse)
            {
                ReadAhead(scope.Rule.Book, scope.Scope, now, loaded);
            }
            loaded.EndAccount();
        }
    }

    /// <summary>The account of a scope, its window brought to an instant.</summary>
    /// <param name="loaded">Read ahead; empty: what the account needs is read now, under the lock.</param>
    public BudgetAccount Open(BudgetBook book, string scope, DateTimeOffset now, ReadOnlySpan<LoadedSlot> loaded)
    {
        if (TryFind(book, scope, now, out var account))
        {
            return account;
        }
        account = _closed.TryPop(out var closed) ? closed : new BudgetAccount();
        account.Open(book, scope, now, Slots, loaded);
        account.IsRecent = true;
        book.Accounts.Add(scope, account);
        _all.Add(account);
        return account;
    }

    /// <summary>What a scope has spent and holds now; null: it is not in use.</summary>
    public BudgetStatus? StatusOf(BudgetRule rule, string scope, DateTimeOffset now, NanoUsd raised)
    {
        if (!rule.Book.Accounts.TryGetValue(scope, out var account))
        {
            return null;
        }
        account.MoveTo(now, Slots);
        var end = account.ResetOf(account.Current, new NanoUsd(long.MaxValue), NanoUsd.Zero);
        return Status(rule, scope, now, (account.Amount ?? rule.Amount) + raised, account.SpentIn(account.Current), account.HeldIn(account.Current), account.Current.Window.Start, end);
    }

    /// <summary>What the store holds of a scope that is not in use, read outside of the lock.</summary>
    public LoadedSlots ReadAhead(BudgetBook book, string scope, DateTimeOffset now)
    {
        var loaded = new LoadedSlots();
        ReadAhead(book, scope, now, loaded);
        loaded.EndAccount();
        return loaded;
    }

    /// <summary>What such a scope has spent and holds.</summary>
    /// <param name="loaded">Read ahead, the current slot last.</param>
    public BudgetStatus StatusOf(BudgetRule rule, string scope, DateTimeOffset now, ReadOnlySpan<LoadedSlot> loaded, NanoUsd raised)
    {
        long spent = 0, held = 0;
        DateTimeOffset? used = null;
        foreach (var (name, value) in loaded)
        {
            var current = Slots.LiveValue(name.Key) ?? value;
            spent = checked(spent + current.Spent);
            held = checked(held + current.Held);
            used ??= current.Spent != 0 || current.Held != 0 ? name.Window.End : null;
        }
        var window = rule.Book.Window;
        var end = window.IsRolling ? (used ?? now) + window.Length : loaded[^1].Name.Window.End;
        return Status(rule, scope, now, rule.Amount + raised, spent, held, loaded[^1].Name.Window.Start, end);
    }

    private static BudgetStatus Status(BudgetRule rule, string scope, DateTimeOffset now, NanoUsd limit, long spent, long held, DateTimeOffset start, DateTimeOffset end)
    {
        var window = rule.Book.Window;
        return new BudgetStatus(rule.Name, scope, limit, new NanoUsd(spent), new NanoUsd(held), window.IsRolling ? now - window.Length : start, end)
        {
            Action = rule.AtLimit,
            IsRolling = window.IsRolling,
        };
    }

    /// <summary>Second chance: an account that was used since the hand's last pass stays for another round, one with open holds always.</summary>
    public void MakeRoom()
    {
        for (var looked = 0; Slots.Count >= mostSlots && looked < 2 * _all.Count; looked++)
        {
            _hand = _hand + 1 < _all.Count ? _hand + 1 : 0;
            var account = _all[_hand];
            if (account.OpenHolds > 0 || account.IsRecent)
            {
                account.IsRecent = false;
                continue;
            }
            account.Book.Accounts.Remove(account.Scope);
            account.Close(Slots);
            _all[_hand] = _all[^1];
            _all.RemoveAt(_all.Count - 1);
            if (_closed.Count < MostClosed)
            {
                _closed.Push(account);
            }
        }
    }

    private void ReadAhead(BudgetBook book, string scope, DateTimeOffset now, LoadedSlots loaded)
    {
        var current = book.SpanAround(now);
        for (var i = 0; i < book.SlotsPerWindow; i++)
        {
            var name = book.Slot(scope, current, i);
            store.TryRead(name.Key, out var value);
            loaded.Add(name, value);
        }
    }
}
