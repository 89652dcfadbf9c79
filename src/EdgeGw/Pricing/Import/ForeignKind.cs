using System.Collections.Frozen;
using EdgeGw.Metering;

namespace EdgeGw.Pricing.Import;

/// <summary>Our provider kinds behind the names that public catalogues have for them. A name without a row is a kind itself.</summary>
internal static class ForeignKind
{
    private static readonly FrozenDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["aws"] = "bedrock",
        ["amazon-bedrock"] = "bedrock",
        ["bedrock_converse"] = "bedrock",
        ["azure_text"] = "azure-openai",
        ["text-completion-openai"] = "openai",
        ["text-completion-codestral"] = "mistral",
        ["codestral"] = "mistral",
        ["cohere_chat"] = "cohere",
        ["together_ai"] = "together",
        ["togetherai"] = "together",
        ["fireworks_ai"] = "fireworks",
        ["fireworks_ai-embedding-models"] = "fireworks",
        ["fireworks-ai"] = "fireworks",
        ["voyageai"] = "voyage",
        ["vercel_ai_gateway"] = "vercel",
        ["cloudflare"] = "workers-ai",
        ["cloudflare-workers-ai"] = "workers-ai",
        ["dashscope"] = "alibaba",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static string Of(string provider) =>
        Kinds.TryGetValue(provider, out var kind) ? kind
        // LiteLLM splits its Vertex models by their maker: vertex_ai-anthropic_models, vertex_ai-language-models, ...
        : provider.StartsWith("vertex_ai", StringComparison.OrdinalIgnoreCase) ? "vertex"
        : ProviderQuirks.KindOf(provider);
}
