using EdgeGw.Pricing;

namespace EdgeGw.Metering;

/// <summary>What an <see cref="AnswerMeter"/> found in one answer.</summary>
public readonly record struct MeterReading
{
    public Usage Usage { get; init; }

    public UsageSource Source { get; init; }

    /// <summary>The model that answered, by the provider's own word; null when it did not say.</summary>
    public string? Model { get; init; }

    /// <summary>The tier that served, which may differ from the one asked for, and the other terms on which it did.</summary>
    public ServedTerms Terms { get; init; }

    /// <summary>The provider's id of the answer: the key by which repeated usage (polling, replays) is recognised.</summary>
    public string? ResponseId { get; init; }

    /// <summary>How far the answer has come; a final one may still be cut off here, see <see cref="Complete"/>.</summary>
    public AnswerState State { get; init; }

    /// <summary>The provider's own price, only where that is what it bills; null elsewhere.</summary>
    public NanoUsd? ProviderCost { get; init; }

    /// <summary>Events of a stream, elements of a JSON array, or 1 for a JSON body.</summary>
    public int Events { get; init; }

    /// <summary>Type or code of an error inside the answer, at most 64 characters of <c>[A-Za-z0-9_.:-]</c>; null when there was none.</summary>
    public string? Error { get; init; }

    /// <summary>The answer reached its own end: a terminator or a finish reason was seen, or a JSON body was whole.</summary>
    public bool Complete { get; init; }

    /// <summary>Generated text that was seen to pass.</summary>
    public TextSeen Text { get; init; }

    /// <summary>The relative error of the estimate that would have been given had the provider not reported; null when there is nothing to compare.</summary>
    public double? EstimateError { get; init; }
}
