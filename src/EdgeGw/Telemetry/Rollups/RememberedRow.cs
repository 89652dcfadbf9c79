using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Requests;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>Where the last record of a caller was added: the next one like it needs no key, which costs more to hash and compare than all else about a record.</summary>
internal sealed class RememberedRow
{
    /// <summary>Up to where the usual classes of usage stand.</summary>
    private const int RowBytes = 104;

    private readonly UsageRollup _rollup;
    private readonly RollupRow _row;
    private readonly RollupBucket _bucket;
    private readonly Outcome _outcome;
    private readonly Dialect _dialect;
    private readonly string? _provider;
    private readonly string? _model;
    private readonly string? _route;

    private RememberedRow(UsageRollup rollup, RollupRow row, in RollupBucket bucket, UsageRecord record)
    {
        (_rollup, _row, _bucket) = (rollup, row, bucket);
        (_outcome, _dialect, _provider, _model, _route) = (record.Outcome, record.Dialect, record.Provider, ModelOf(record), record.Route);
    }

    /// <summary>Has the processor fetch what the caller's next record will be added to.</summary>
    public static void Prefetch(Principal caller) => CacheLines.Prefetch((caller.Notes.Row as RememberedRow)?._row, RowBytes);

    /// <summary>False when the record is not like the caller's last one, or the row was merged into a coarser one.</summary>
    public static bool TryAdd(UsageRollup rollup, UsageRecord record, in RollupBucket bucket, in UsageTotals totals) =>
        IsAsCaller(record) && record.Principal.Notes.Row is RememberedRow row && row.IsFor(rollup, record, bucket) && row._row.TryAdd(totals);

    /// <summary>Only of proven records, whose names are their row's.</summary>
    public static void Keep(UsageRollup rollup, UsageRecord record, in RollupBucket bucket, RollupRow row)
    {
        if (IsAsCaller(record) && RollupKeys.IsProven(record))
        {
            record.Principal.Notes.Row = new RememberedRow(rollup, row, bucket, record);
        }
    }

    /// <summary>The call's own labels say nothing that the caller's do not.</summary>
    private static bool IsAsCaller(UsageRecord record) => record.Metadata.Count == 0 && record.Principal.HasNotes;

    private static string? ModelOf(UsageRecord record) => record.Model ?? record.ModelRequested;

    // Callers are shared by all rollups that there are in a process.
    private bool IsFor(UsageRollup rollup, UsageRecord record, in RollupBucket bucket) =>
        ReferenceEquals(rollup, _rollup) && bucket == _bucket && record.Outcome == _outcome && record.Dialect == _dialect
        && ModelOf(record) == _model && record.Provider == _provider && record.Route == _route;
}
