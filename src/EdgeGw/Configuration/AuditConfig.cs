namespace EdgeGw.Configuration;

/// <summary>How much of the audit log is kept.</summary>
public sealed record AuditConfig
{
    /// <summary>Age beyond which lines are given up, whole segments at a time.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Bytes on disk beyond which the oldest segments are given up, however young; at least 16 MiB.</summary>
    public long MaxBytes { get; init; } = 1L << 30;
}
