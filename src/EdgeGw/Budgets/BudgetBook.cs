using EdgeGw.Configuration;

namespace EdgeGw.Budgets;

/// <summary>The accounts in use of one budget, by scope. It outlives the rule: a changed amount finds what was spent.</summary>
/// <remarks>A budget whose window is changed begins a new book. Only touched under the ledger's lock.</remarks>
internal sealed class BudgetBook(string budget, BudgetWindow window)
{
    public string Budget { get; } = budget;

    public BudgetWindow Window { get; } = window;

    public Dictionary<string, BudgetAccount> Accounts { get; } = new(StringComparer.Ordinal);
}
