using EdgeGw.Configuration;
using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>An amount set aside on every budget that applies to one call. It ends exactly once: settled, voided, or presumed by recovery.</summary>
public sealed class Hold
{
    private int _ended;

    internal Hold(long sequence, long addressFloor, NanoUsd amount, HeldSlot[] slots)
    {
        Sequence = sequence;
        AddressFloor = addressFloor;
        Amount = amount;
        Slots = slots;
    }

    /// <summary>The sequence of its journal record, which is also its identity.</summary>
    public long Sequence { get; }

    public NanoUsd Amount { get; }

    /// <summary>A journal address at or before its record.</summary>
    internal long AddressFloor { get; }

    internal HeldSlot[] Slots { get; }

    internal bool TryEnd() => Interlocked.Exchange(ref _ended, 1) == 0;
}

/// <summary>A hold, or the budget that had no room for it. Both null: the journal takes no money records now.</summary>
/// <param name="Passed">Budgets without room that let the call pass; null: none.</param>
public readonly record struct HoldResult(Hold? Hold, BudgetRefusal? Refusal, IReadOnlyList<BudgetRefusal>? Passed = null);

/// <summary>Which budget said no, what is left of it, and when it starts anew.</summary>
public sealed record BudgetRefusal(string Budget, string Scope, NanoUsd Limit, NanoUsd Remaining, DateTimeOffset Reset)
{
    /// <summary>What the budget does about it.</summary>
    public AtLimit Action { get; init; }
}
