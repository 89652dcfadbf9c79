using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>A budget's spending has reached one of its thresholds; told once for each window, of a rolling one at most once in its length.</summary>
/// <param name="Scope">The dimension values; empty for a shared budget.</param>
/// <param name="Percent">The threshold, of <paramref name="Limit"/>.</param>
/// <param name="Window">The window, or of a rolling one the bucket, in which it was reached.</param>
public sealed record BudgetAlert(string Budget, string Scope, int Percent, NanoUsd Spent, NanoUsd Limit, WindowSpan Window, DateTimeOffset Time);
