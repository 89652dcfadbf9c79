namespace EdgeGw.Storage;

/// <summary>
/// What a restart begins from: which counters' checkpoint, and from where in the journal to replay on top of it.
/// </summary>
public sealed record CheckpointManifest
{
    /// <summary>The counters' checkpoint, as <see cref="CounterStore{TCounter}.CheckpointAsync"/> returned it.</summary>
    public required Guid Counters { get; init; }

    /// <summary>Journal address at or before every record after <see cref="ReplayFromSequence"/>.</summary>
    public required long ReplayFromAddress { get; init; }

    /// <summary>Every record up to this sequence is contained in the counters; later ones may be, which replay must bear.</summary>
    public required long ReplayFromSequence { get; init; }

    /// <summary>
    /// Sequence of the last record before <see cref="ReplayFromAddress"/>, so that a start proves that the first one it reads is the next; null
    /// in a checkpoint of an earlier build, after which a start reads the whole journal to prove it.
    /// </summary>
    public long? SequenceBefore { get; init; }

    /// <summary>Named blobs of the callers, opaque here.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Sections { get; init; } = new Dictionary<string, ReadOnlyMemory<byte>>();
}
