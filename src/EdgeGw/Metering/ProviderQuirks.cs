using System.Collections.Frozen;

namespace EdgeGw.Metering;

/// <summary>How a provider's numbers differ from the dialect it speaks. A new look-alike provider is a row here.</summary>
internal sealed record ProviderQuirks
{
    /// <summary>Reasoning is billed on top of completion although the total leaves it out.</summary>
    public bool ReasoningOnTop { get; init; }

    /// <summary>Completion leaves thinking out and no field shows it: everything of the total that is not prompt is output.</summary>
    public bool HiddenReasoning { get; init; }

    /// <summary>Audio tokens stand beside the prompt's where the total says so.</summary>
    public bool AudioBeside { get; init; }

    /// <summary><c>usage.cost</c> (or <c>usage.cost.total_cost</c>) in dollars is what the provider bills.</summary>
    public bool BillsCost { get; init; }

    /// <summary><c>usage.cost_in_usd_ticks</c>, 1e-10 dollars each, is what the provider bills.</summary>
    public bool BillsTicks { get; init; }

    /// <summary>Streams carry usage without being asked, or the option is refused: do not send <c>stream_options</c>.</summary>
    public bool UsageUnasked { get; init; }

    public static readonly ProviderQuirks None = new();

    private static readonly FrozenDictionary<string, ProviderQuirks> Table = new Dictionary<string, ProviderQuirks>
    {
        ["xai"] = new() { BillsTicks = true },
        ["gemini"] = new() { HiddenReasoning = true },
        ["vertex"] = new() { HiddenReasoning = true },
        ["mistral"] = new() { AudioBeside = true, UsageUnasked = true },
        ["groq"] = new() { UsageUnasked = true },
        ["deepseek"] = new() { UsageUnasked = true },
        ["perplexity"] = new() { BillsCost = true, UsageUnasked = true },
        ["openrouter"] = new() { BillsCost = true, UsageUnasked = true },
        ["avian"] = new() { BillsCost = true },
        ["vercel"] = new() { BillsCost = true, ReasoningOnTop = true },
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Other names by which a row is known.</summary>
    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>
    {
        ["azure"] = "azure-openai",
        ["vercel-gateway"] = "vercel",
        ["vercel-ai-gateway"] = "vercel",
        ["google"] = "gemini",
        ["google-ai-studio"] = "gemini",
        ["google-vertex"] = "vertex",
        ["vertex-ai"] = "vertex",
        ["x-ai"] = "xai",
        ["grok"] = "xai",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The kind name behind an alias; the name itself when it is none.</summary>
    public static string KindOf(string provider) => Aliases.GetValueOrDefault(provider, provider);

    public static ProviderQuirks Of(string provider) => Table.GetValueOrDefault(KindOf(provider), None);
}
