namespace EdgeGw.Pricing;

/// <summary>A factor on token rates for where an answer is computed.</summary>
/// <param name="Name">As answers name the place (<c>us</c>); null: the model's own name tells (Bedrock's regional profiles).</param>
/// <param name="Models">Patterns of the models that cost more there.</param>
/// <param name="Except">Patterns of those among them that do not.</param>
public sealed record PlaceFactor(string? Name, Multiplier Multiplier, IReadOnlyList<string> Models, IReadOnlyList<string> Except)
{
    internal bool Concerns(ReadOnlySpan<char> model)
    {
        foreach (var exception in Except)
        {
            if (Wildcard.IsMatch(exception, model))
            {
                return false;
            }
        }
        foreach (var pattern in Models)
        {
            if (Wildcard.IsMatch(pattern, model))
            {
                return true;
            }
        }
        return false;
    }
}
