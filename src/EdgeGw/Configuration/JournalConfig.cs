namespace EdgeGw.Configuration;

/// <summary>How much of the journal is kept for audit. What a restart needs is kept in any case.</summary>
public sealed record JournalConfig
{
    /// <summary>Age beyond which records may be given up.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Bytes on disk beyond which the oldest records are given up, however young; at least 128 MiB, the two segments in use.</summary>
    public long MaxBytes { get; init; } = 1L << 30;
}
