namespace EdgeGw.Metering;

/// <summary>What a meter must know about an exchange before the first byte of the answer.</summary>
public readonly record struct MeterOptions
{
    public required Dialect Dialect { get; init; }

    /// <summary>Kind name of the provider (<c>openai</c>, <c>azure-openai</c>, <c>xai</c>, ...): decides its quirks. An unknown one has none.</summary>
    public required string Provider { get; init; }

    /// <summary>The caller asked for a stream. Only a hint: the first byte of the body decides what it is read as.</summary>
    public bool Stream { get; init; }

    /// <summary>The answer's <c>Content-Type</c>. Decides nothing: providers get it wrong, and the first byte of the body never is.</summary>
    public string? ContentType { get; init; }

    /// <summary>The answer's <c>Content-Encoding</c>: <c>gzip</c>, <c>deflate</c>, <c>br</c> are decoded for the meter; null and <c>identity</c> are plain.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>Counts from the answer's headers; used for what the body does not say.</summary>
    public HeaderCounts HeaderCounts { get; init; }

    public string? RequestedModel { get; init; }

    /// <summary>Size of the request's body in bytes: what input is estimated from where the provider says nothing.</summary>
    public long InputBytes { get; init; }

    /// <summary>The answer is read from where the provider keeps it, perhaps not for the first time and not from its beginning: it teaches nothing.</summary>
    public bool IsStored { get; init; }
}
