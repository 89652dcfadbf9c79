namespace EdgeGw.Storage;

/// <summary>How far a scan came.</summary>
/// <param name="Tail">End of the last whole entry.</param>
/// <param name="LastSequence">Sequence of the last whole record; the sequence the scan was given where there was none.</param>
/// <param name="Records">Whole records.</param>
/// <param name="DamagedAt">Address of the entry that is not whole or out of sequence; null when only zeros follow the tail's page.</param>
internal readonly record struct JournalScan(long Tail, long LastSequence, long Records, long? DamagedAt);

/// <summary>An intact record at <paramref name="Address"/> says that records up to <paramref name="DurableSequence"/> were durable.</summary>
internal readonly record struct AcknowledgedLoss(long Address, long DurableSequence);

/// <summary>An intact record, found by searching.</summary>
internal readonly record struct FoundFrame(long Address, long Sequence, long DurableSequence);

/// <summary>Whether a record that was found is the one that is looked for.</summary>
internal delegate bool FramePredicate(in JournalRecord record, long durableSequence);
