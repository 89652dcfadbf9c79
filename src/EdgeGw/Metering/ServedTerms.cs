namespace EdgeGw.Metering;

/// <summary>On what terms an answer was made, by the provider's own word: what its price depends on beside model and usage.</summary>
public readonly record struct ServedTerms
{
    /// <summary>The tier that served (<c>priority</c>, <c>flex</c>, <c>batch</c>, <c>fast</c>, ...), which may differ from the one asked for; null: not said.</summary>
    public string? Tier { get; init; }

    /// <summary>Where it was computed (Anthropic's <c>inference_geo</c>: <c>us</c>, <c>global</c>, <c>not_available</c>); null: not said.</summary>
    public string? Geography { get; init; }

    /// <summary>What each model used, where not all of them are the answer's own; null otherwise.</summary>
    public IReadOnlyList<UsagePart>? Parts { get; init; }

    /// <summary>A tier and nothing else.</summary>
    public static implicit operator ServedTerms(string? tier) => new() { Tier = tier };

    public bool Equals(ServedTerms other) => Tier == other.Tier && Geography == other.Geography
        && (Parts == other.Parts || (Parts is { } mine && other.Parts is { } theirs && mine.SequenceEqual(theirs)));

    public override int GetHashCode() => HashCode.Combine(Tier, Geography, Parts?.Count);
}
