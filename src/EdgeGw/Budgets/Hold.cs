using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>An amount set aside on every budget that applies to one call. It ends exactly once: settled, voided, or presumed by recovery.</summary>
public sealed class Hold
{
    private int _ended;

    internal Hold(long sequence, long addressFloor, NanoUsd amount, SlotReference[] slots)
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

    internal SlotReference[] Slots { get; }

    internal bool TryEnd() => Interlocked.Exchange(ref _ended, 1) == 0;
}

/// <summary>A hold, or the budget that had no room for it. Both null: the journal takes no money records now.</summary>
public readonly record struct HoldResult(Hold? Hold, BudgetRefusal? Refusal);

/// <summary>Which budget said no, what is left of it, and when it starts anew.</summary>
public sealed record BudgetRefusal(string Budget, string Scope, NanoUsd Limit, NanoUsd Remaining, DateTimeOffset Reset);
