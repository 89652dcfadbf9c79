namespace EdgeGw.Configuration;

/// <summary>Bounds on what a caller may send.</summary>
public sealed record RequestConfig
{
    /// <summary>Largest request body in bytes.</summary>
    public long MaxBodyBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Largest request head (line and headers) in bytes.</summary>
    public int MaxHeaderBytes { get; init; } = 32 * 1024;

    /// <summary>The output, in tokens, that a hold assumes when neither the caller nor the catalogue sets a cap.</summary>
    public int AssumedMaxOutput { get; init; } = 32_768;

    /// <summary>A call that a budget refuses only for its output cap gets the cap that the budget can pay.</summary>
    public bool ClampOutput { get; init; }
}
