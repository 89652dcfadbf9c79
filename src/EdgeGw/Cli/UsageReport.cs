using EdgeGw.Metering;
using EdgeGw.Pricing;

namespace EdgeGw.Cli;

/// <summary>What a usage report is to cover.</summary>
/// <param name="By">The dimensions to group by, such as <c>user</c>, <c>model</c>; empty: one total. Unknown ones are the control plane's to refuse.</param>
/// <param name="From">Included.</param>
/// <param name="To">Not included; null: until now.</param>
public sealed record UsageOptions(IReadOnlyList<string> By, DateTimeOffset? From, DateTimeOffset? To);

/// <summary>Usage summed over groups.</summary>
public sealed record UsageReport(IReadOnlyList<string> By, IReadOnlyList<UsageRow> Rows, UsageRow Total);

/// <summary>One group's sums.</summary>
/// <param name="Dimensions">One value for each of the report's dimensions; empty in the total.</param>
public sealed record UsageRow(IReadOnlyList<string> Dimensions, long Requests, Usage Usage, NanoUsd Cost);
