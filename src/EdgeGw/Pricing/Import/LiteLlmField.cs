using System.Globalization;

namespace EdgeGw.Pricing.Import;

/// <summary>
/// A price's name in LiteLLM's file, taken apart: <c>input_cost_per_token_above_200k_tokens_priority</c> is a rate, a threshold and a service tier.
/// </summary>
/// <param name="Name">Without threshold and tier.</param>
/// <param name="Above">The price holds for the whole request above so many input tokens; 0: from the start.</param>
/// <param name="Tier">As answers name it; null: the standard one.</param>
internal readonly record struct LiteLlmField(string Name, long Above, string? Tier)
{
    private const string Threshold = "_above_";
    private const string ThresholdEnd = "k_tokens";

    private static readonly (string Suffix, string Tier)[] TierSuffixes = [("_batches", "batch"), ("_flex", "flex"), ("_priority", "priority")];

    public static LiteLlmField Parse(string name)
    {
        string? tier = null;
        foreach (var (suffix, named) in TierSuffixes)
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal))
            {
                (name, tier) = (name[..^suffix.Length], named);
                break;
            }
        }
        var at = name.LastIndexOf(Threshold, StringComparison.Ordinal);
        if (at > 0 && name.EndsWith(ThresholdEnd, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(at + Threshold.Length, name.Length - at - Threshold.Length - ThresholdEnd.Length), NumberStyles.None,
                CultureInfo.InvariantCulture, out var thousands) && thousands > 0)
        {
            return new LiteLlmField(name[..at], thousands * 1000L, tier);
        }
        return new LiteLlmField(name, 0, tier);
    }
}
