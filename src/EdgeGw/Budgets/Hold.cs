using EdgeGw.Configuration;
using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>An amount set aside on every budget that applies to one call. It ends exactly once: settled, voided, or presumed by recovery.</summary>
/// <remarks>An object that has ended may be given to <see cref="BudgetLedger.TryHold"/> again.</remarks>
public sealed class Hold
{
    private HeldSlot[] _slots = [];
    private int _count;
    private int _open;

    /// <summary>The sequence of its journal record, which is also its identity.</summary>
    public long Sequence { get; private set; }

    /// <summary>What is set aside, extensions included.</summary>
    public NanoUsd Amount { get; private set; }

    public bool IsOpen => Volatile.Read(ref _open) == 1;

    /// <summary>A budget among those it is on stops running streams.</summary>
    public bool IsHard { get; private set; }

    /// <summary>A journal address at or before its record.</summary>
    internal long AddressFloor { get; private set; }

    internal ReadOnlySpan<HeldSlot> Slots => _slots.AsSpan(0, _count);

    /// <summary>Its neighbours among the ledger's open holds, oldest first.</summary>
    internal Hold? Older { get; set; }

    internal Hold? Newer { get; set; }

    /// <param name="slots">Its own from here on; the first <paramref name="count"/> are those it is on.</param>
    /// <returns>The array that it used before, which is the caller's in exchange.</returns>
    internal HeldSlot[] Begin(long sequence, long addressFloor, NanoUsd amount, HeldSlot[] slots, int count)
    {
        Sequence = sequence;
        AddressFloor = addressFloor;
        Amount = amount;
        (_slots, slots) = (slots, _slots);
        _count = count;
        IsHard = false;
        foreach (var slot in Slots)
        {
            IsHard |= slot.Rule.IsHard;
        }
        Volatile.Write(ref _open, 1);
        return slots;
    }

    internal void Grow(NanoUsd amount) => Amount += amount;

    internal bool TryEnd() => Interlocked.Exchange(ref _open, 0) == 1;

    /// <summary>Lets go of what it was on, so that a pooled object keeps none of it alive.</summary>
    internal void Clear()
    {
        Array.Clear(_slots, 0, _count);
        _count = 0;
    }
}

/// <summary>A hold, or the budget that had no room for it.</summary>
/// <param name="Passed">Budgets without room that let the call pass; null: none.</param>
public readonly record struct HoldResult(Hold? Hold, BudgetRefusal? Refusal, IReadOnlyList<BudgetRefusal>? Passed = null);

/// <summary>Which budget said no, what is left of it, and when there may be room again.</summary>
public sealed record BudgetRefusal(string Budget, string Scope, NanoUsd Limit, NanoUsd Remaining, DateTimeOffset Reset)
{
    /// <summary>What the budget does about it.</summary>
    public AtLimit Action { get; init; }

    /// <summary>With <see cref="AtLimit.Downgrade"/>: the alias or model that the call is to go to.</summary>
    public string? Downgrade { get; init; }
}
