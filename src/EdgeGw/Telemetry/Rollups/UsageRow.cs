namespace EdgeGw.Telemetry.Rollups;

/// <summary>One line of a usage report.</summary>
/// <param name="Values">The dimensions' values in the order asked for; empty where a record had none.</param>
public sealed record UsageRow(IReadOnlyList<string> Values, UsageTotals Totals);

/// <summary>Who spent what in a period.</summary>
/// <param name="Rows">In order of time where a time dimension was asked for, then by falling cost.</param>
/// <param name="Total">Each record once: by <c>group</c>, the rows add up to more, because a person may be in several.</param>
/// <param name="Truncated">There were more rows than the limit; the last one sums what was left out.</param>
public sealed record UsageReport(IReadOnlyList<UsageRow> Rows, UsageTotals Total, bool Truncated);
