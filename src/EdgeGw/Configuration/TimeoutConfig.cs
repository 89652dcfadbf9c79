namespace EdgeGw.Configuration;

/// <summary>How long the gateway waits for a provider. Reasoning models are silent for minutes before the first byte.</summary>
public sealed record TimeoutConfig
{
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);
    public TimeSpan FirstByte { get; init; } = TimeSpan.FromMinutes(10);
    /// <summary>The longest silence between two pieces of one answer.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(2);
    public TimeSpan Total { get; init; } = TimeSpan.FromHours(1);
    /// <summary>How long a graceful stop lets running answers finish.</summary>
    public TimeSpan Shutdown { get; init; } = TimeSpan.FromSeconds(30);
}
