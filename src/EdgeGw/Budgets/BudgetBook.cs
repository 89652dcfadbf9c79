using EdgeGw.Configuration;

namespace EdgeGw.Budgets;

/// <summary>The accounts in use of one budget, by scope. It outlives the rule: a changed amount finds what was spent.</summary>
/// <remarks>A budget whose window is changed begins a new book. Its accounts are only touched under the ledger's lock.</remarks>
internal sealed class BudgetBook(string budget, BudgetWindow window)
{
    private Tuple<WindowSpan>? _span;

    public string Budget { get; } = budget;

    public BudgetWindow Window { get; } = window;

    public Dictionary<string, BudgetAccount> Accounts { get; } = new(StringComparer.Ordinal);

    /// <summary>How many slots show one window.</summary>
    public int SlotsPerWindow => Window.IsRolling ? WindowSpan.BucketsPerWindow + 1 : 1;

    /// <summary>The span of the window or bucket around an instant. Any thread may ask.</summary>
    public WindowSpan SpanAround(DateTimeOffset instant)
    {
        // Calendars and zones cost more than the rest of opening an account, and nearly always the answer is the last one.
        if (Volatile.Read(ref _span) is { } last && last.Item1.Contains(instant))
        {
            return last.Item1;
        }
        var span = WindowSpan.Around(instant, Window);
        Volatile.Write(ref _span, new Tuple<WindowSpan>(span));
        return span;
    }

    /// <summary>One of the slots that show the window of a scope, the oldest first.</summary>
    /// <param name="current">Where the last of them is charged.</param>
    /// <param name="index">Below <see cref="SlotsPerWindow"/>.</param>
    public SlotReference Slot(string scope, WindowSpan current, int index)
    {
        var age = (SlotsPerWindow - 1 - index) * (current.End - current.Start);
        return new SlotReference(Budget, scope, new WindowSpan(current.Start - age, current.End - age), Window.IsRolling);
    }
}
