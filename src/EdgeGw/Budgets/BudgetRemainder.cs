using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>What may still be held of a budget's slot, never below zero, and when the slot starts anew.</summary>
public readonly record struct BudgetRemainder(NanoUsd Remaining, DateTimeOffset WindowEnd);
