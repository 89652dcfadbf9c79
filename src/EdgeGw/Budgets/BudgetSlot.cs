using System.Runtime.InteropServices;

namespace EdgeGw.Budgets;

/// <summary>The stored totals of one slot (budget, dimension values, window), nano-dollars.</summary>
/// <remarks>Fixed layout: it is the counter store's value on disk.</remarks>
[StructLayout(LayoutKind.Sequential)]
public record struct BudgetSlot
{
    /// <summary>Settled so far, overruns included.</summary>
    public long Spent;

    /// <summary>Set aside by open holds.</summary>
    public long Held;

    /// <summary>By how much settlements exceeded their holds.</summary>
    public long Overrun;

    /// <summary>Sequence of the last journal record applied: replay skips what is already in.</summary>
    public long AppliedSequence;
}
