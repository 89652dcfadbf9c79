using EdgeGw.Budgets;
using EdgeGw.Matching;
using EdgeGw.Pricing;
using EdgeGw.Storage;

namespace EdgeGw.Hosting.DryRuns;

/// <summary>A recorded call on its way through another configuration.</summary>
internal sealed class TrialCall(JournaledCall call)
{
    public JournaledCall Journaled { get; } = call;

    /// <summary>Null: it was refused, or has ended.</summary>
    public Hold? Hold { get; set; }

    public TrialPrice Price { get; set; }

    public bool IsRefused { get; set; }

    /// <summary>Where it was charged, for a correction of it that may follow.</summary>
    public CounterKey[] Charged { get; set; } = [];

    /// <summary>What the hold is at first, before it grows.</summary>
    public NanoUsd FirstHold => Journaled.Growth.Aggregate(Price.Hold, (left, growth) => NanoUsd.Max(NanoUsd.Zero, left - Grown(growth.Amount)));

    /// <summary>Growth changes as the hold does.</summary>
    public NanoUsd Grown(NanoUsd recorded) => Price.Hold == Journaled.Record.Hold || Journaled.Record.Hold == NanoUsd.Zero
        ? recorded
        : new NanoUsd((long)((Int128)recorded.Value * Price.Hold.Value / Journaled.Record.Hold.Value));

    public CallSubject SubjectAt(in TrialTarget target) => new(Journaled.Record.Principal, target.Provider, target.Model, Journaled.Record.Metadata);
}
