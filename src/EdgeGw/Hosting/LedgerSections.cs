using EdgeGw.Budgets;
using EdgeGw.Storage;
using EdgeGw.Telemetry.Rollups;

namespace EdgeGw.Hosting;

/// <summary>What a checkpoint keeps of the ledger beside the counters; empty where there is no checkpoint.</summary>
internal sealed record LedgerSections(UsageRollup Rollup, SlotDirectory Scopes, DeferredAnswers Deferred, BudgetRaises Raises)
{
    public const string RollupName = "usage-rollup";
    public const string ScopesName = "budget-scopes";
    public const string DeferredName = "deferred-answers";
    public const string RaisesName = "budget-raises";

    /// <summary>Null for a checkpoint of a build whose counters were shorter: its journal was never truncated, so all is read from the start of that.</summary>
    public static CheckpointManifest? Usable(CheckpointManifest? manifest) =>
        manifest is not null && manifest.Sections.ContainsKey(ScopesName) ? manifest : null;

    public static LedgerSections Read(CheckpointManifest? manifest)
    {
        var sections = new LedgerSections(new UsageRollup(), new SlotDirectory(), new DeferredAnswers(), new BudgetRaises());
        if (manifest is not null)
        {
            // A copy, because it is kept, and the whole checkpoint with it otherwise.
            sections.Rollup.Read(manifest.Sections[RollupName].ToArray());
            sections.Scopes.Read(manifest.Sections[ScopesName].Span);
            sections.Deferred.Read(manifest.Sections[DeferredName].Span);
            sections.Raises.Read(manifest.Sections[RaisesName].Span);
        }
        return sections;
    }
}
