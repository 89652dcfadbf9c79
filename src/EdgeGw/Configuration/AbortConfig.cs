namespace EdgeGw.Configuration;

/// <summary>What happens upstream when the caller leaves before the answer is complete.</summary>
public sealed record AbortConfig
{
    public AbortPolicy Policy { get; init; } = AbortPolicy.Drain;

    /// <summary>The longest a left call is read on.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many left calls are read on at once; further ones are cancelled.</summary>
    public int MaxConcurrent { get; init; } = 200;
}

/// <summary>See <see cref="AbortConfig"/>.</summary>
public enum AbortPolicy : byte
{
    /// <summary>Read on for the true usage.</summary>
    Drain,
    /// <summary>Stop the provider and settle at what was seen plus the input.</summary>
    Cancel,
}
