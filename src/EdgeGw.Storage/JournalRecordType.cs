namespace EdgeGw.Storage;

/// <summary>What a journal record says. The numbers are on disk: never reuse one. What stands in the payload is the writer's business.</summary>
public enum JournalRecordType : byte
{
    /// <summary>An upper bound was set aside before a call went out.</summary>
    Hold = 1,
    /// <summary>A hold became an actual amount.</summary>
    Settle = 2,
    /// <summary>A hold ended without anything owed.</summary>
    Void = 3,
    /// <summary>A counter came into being: its key's human-readable meaning.</summary>
    SlotOpened = 4,
    /// <summary>A virtual key was created or revoked.</summary>
    KeyChanged = 5,
    /// <summary>A hold became a presumed amount that a <see cref="Correct"/> may follow.</summary>
    Defer = 6,
    /// <summary>A hold ended without anything owed, and what an earlier <see cref="Defer"/> charged became the actual amount.</summary>
    Correct = 7,
    /// <summary>More was set aside for a running call.</summary>
    Extend = 8,
    /// <summary>A counter reached a threshold, and somebody was told.</summary>
    Alert = 9,
    /// <summary>A limit was raised for a while.</summary>
    Raise = 10,
    /// <summary>A person's name gave way to a pseudonym in all that was counted before.</summary>
    Erase = 11,
}
