namespace EdgeGw.Cli;

/// <summary>A recorded answer and what is known about it.</summary>
public sealed record MeterFileOptions
{
    /// <summary>A path, or <c>-</c> for standard input.</summary>
    public required string File { get; init; }

    /// <summary>As in the corpus index.</summary>
    public required string Provider { get; init; }

    /// <summary>As in the corpus index.</summary>
    public required string Api { get; init; }

    public string? Model { get; init; }
    public bool Stream { get; init; }
    public string? ContentEncoding { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Bytes fed at a time; null: all at once.</summary>
    public int? ChunkSize { get; init; }
}
