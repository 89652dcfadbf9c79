namespace EdgeGw.Storage;

/// <summary>
/// A cut through the journal: every record up to and including <paramref name="Sequence"/> lies before <paramref name="Address"/>, every
/// later one at or after it. What a checkpoint stores, to replay from.
/// </summary>
public readonly record struct JournalPosition(long Address, long Sequence);
