using EdgeGw.Pricing;
using EdgeGw.Storage;
using EdgeGw.Telemetry;

namespace EdgeGw.Hosting.DryRuns;

/// <summary>A call as the journal has it: held at one place, ended at a later one.</summary>
/// <param name="HoldSequence">Where its hold was taken, which is also its identity.</param>
/// <param name="EndSequence">Where it ended.</param>
/// <param name="Type">How it ended.</param>
/// <param name="Corrected">Where the background answer was charged that it corrects; zero: it corrects none.</param>
internal sealed record JournaledCall(UsageRecord Record, long HoldSequence, long EndSequence, JournalRecordType Type, long Corrected = 0)
{
    /// <summary>By how much the hold grew while the call ran, and where.</summary>
    public IReadOnlyList<(long Sequence, NanoUsd Amount)> Growth { get; init; } = [];
}
