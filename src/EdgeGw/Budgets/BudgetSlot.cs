using System.Runtime.InteropServices;

namespace EdgeGw.Budgets;

/// <summary>The stored totals of one slot (budget, dimension values, window or bucket), nano-dollars.</summary>
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

    /// <summary>The highest percentage of the amount of which the operator was told.</summary>
    public long AlertedPercent;

    /// <summary>After a hold was taken, or grew.</summary>
    internal readonly BudgetSlot WithHold(long amount, long sequence) =>
        this with { Held = checked(Held + amount), AppliedSequence = sequence };

    /// <summary>After one of its holds ended at <paramref name="cost"/>.</summary>
    internal readonly BudgetSlot WithEnd(long held, long cost, long sequence) => this with
    {
        Held = checked(Held - held),
        Spent = checked(Spent + cost),
        Overrun = checked(Overrun + Math.Max(0, cost - held)),
        AppliedSequence = sequence,
    };

    /// <summary>After what was presumed there has become <paramref name="delta"/> more, or less where that is negative.</summary>
    internal readonly BudgetSlot WithCorrection(long delta, long sequence) => this with
    {
        Spent = checked(Spent + delta),
        Overrun = checked(Overrun + Math.Max(0, delta)),
        AppliedSequence = sequence,
    };

    internal readonly BudgetSlot WithAlert(long percent, long sequence) =>
        this with { AlertedPercent = Math.Max(AlertedPercent, percent), AppliedSequence = sequence };
}
