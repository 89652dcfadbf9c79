namespace EdgeGw.Storage;

/// <summary>What reading a journal from end to end found.</summary>
public sealed record JournalInspection
{
    /// <summary>Sequence of the first record that must be there: 1 unless the front was given up.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>Sequence of the last whole record; one less than the first where there is none.</summary>
    public required long LastSequence { get; init; }

    /// <summary>Where the journal begins.</summary>
    public required long BeginAddress { get; init; }

    /// <summary>Where the last whole record ends.</summary>
    public required long EndAddress { get; init; }

    /// <summary>Whole records.</summary>
    public required long Records { get; init; }

    /// <summary>Bytes behind the end that a crash left and the next start cuts: never acknowledged.</summary>
    public required long TornTailBytes { get; init; }

    /// <summary>Records that were acknowledged and are not whole; empty in a sound journal.</summary>
    public required IReadOnlyList<StorageDamage> Damages { get; init; }
}
