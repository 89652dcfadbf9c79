namespace EdgeGw.Storage;

/// <summary>What opening the journal found on disk.</summary>
/// <param name="Records">Records that are there and whole.</param>
/// <param name="LastSequence">Sequence of the last of them; 0 in an empty journal.</param>
/// <param name="TornTailBytes">Bytes of never acknowledged records that were cut off the end; 0 after a clean stop.</param>
public sealed record JournalRecovery(long Records, long LastSequence, long TornTailBytes);
