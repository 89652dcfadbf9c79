using System.Collections.Frozen;
using EdgeGw.Metering;
using static EdgeGw.Metering.Dialect;
using static EdgeGw.Routing.AuthScheme;

namespace EdgeGw.Routing;

/// <summary>The built-in provider table. Any other OpenAI-compatible server is <c>"kind": "openai"</c> with its own <c>base_url</c>.</summary>
public static class ProviderCatalogue
{
    public static IReadOnlyList<ProviderKind> Kinds { get; } =
    [
        new("openai", "https://api.openai.com/v1", Bearer,
            At(ChatCompletions, "/chat/completions"), At(Responses, "/responses"), At(Embeddings, "/embeddings"), At(Completions, "/completions"))
        {
            KeyVariables = ["OPENAI_API_KEY"],
            BaseUrlVariable = "OPENAI_BASE_URL",
        },
        new("anthropic", "https://api.anthropic.com", XApiKey,
            At(Messages, "/v1/messages", XApiKey), Compatible(ChatCompletions, "/v1/chat/completions"))
        {
            KeyVariables = ["ANTHROPIC_API_KEY"],
            BaseUrlVariable = "ANTHROPIC_BASE_URL",
        },
        new("gemini", "https://generativelanguage.googleapis.com", XGoogApiKey,
            At(Gemini, "/v1beta/models/{model}:{method}", XGoogApiKey),
            Compatible(ChatCompletions, "/v1beta/openai/chat/completions"), Compatible(Embeddings, "/v1beta/openai/embeddings"))
        {
            KeyVariables = ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
            BaseUrlVariable = "GOOGLE_GEMINI_BASE_URL",
        },
        new("azure-openai", null, ApiKey,
            At(ChatCompletions, "/openai/v1/chat/completions", ApiKey), At(Responses, "/openai/v1/responses", ApiKey),
            At(Embeddings, "/openai/v1/embeddings", ApiKey), At(Completions, "/openai/v1/completions", ApiKey))
        {
            KeyVariables = ["AZURE_OPENAI_API_KEY"],
            BaseUrlVariable = "AZURE_OPENAI_ENDPOINT",
            BaseSuffixes = ["/openai/v1", "/openai"],
        },
        new("mistral", "https://api.mistral.ai/v1", Bearer, At(ChatCompletions, "/chat/completions"), At(Embeddings, "/embeddings"))
        {
            KeyVariables = ["MISTRAL_API_KEY"],
            BaseUrlVariable = "MISTRAL_BASE_URL",
        },
        new("groq", "https://api.groq.com/openai/v1", Bearer, At(ChatCompletions, "/chat/completions"), Compatible(Responses, "/responses"))
        {
            KeyVariables = ["GROQ_API_KEY"],
            BaseUrlVariable = "GROQ_BASE_URL",
        },
        new("deepseek", "https://api.deepseek.com", Bearer,
            At(ChatCompletions, "/chat/completions"), Compatible(Messages, "/anthropic/v1/messages", XApiKey), Compatible(Responses, "/responses"))
        {
            KeyVariables = ["DEEPSEEK_API_KEY"],
            BaseUrlVariable = "DEEPSEEK_BASE_URL",
        },
        new("xai", "https://api.x.ai/v1", Bearer,
            At(ChatCompletions, "/chat/completions"), Compatible(Responses, "/responses"), Compatible(Messages, "/messages"), At(Completions, "/completions"))
        {
            KeyVariables = ["XAI_API_KEY"],
            BaseUrlVariable = "XAI_BASE_URL",
        },
        new("cohere", "https://api.cohere.com", Bearer,
            Compatible(ChatCompletions, "/compatibility/v1/chat/completions"), Compatible(Embeddings, "/compatibility/v1/embeddings"))
        {
            KeyVariables = ["CO_API_KEY", "COHERE_API_KEY"],
            BaseUrlVariable = "CO_API_URL",
        },
        new("openrouter", "https://openrouter.ai/api/v1", Bearer,
            At(ChatCompletions, "/chat/completions"), Compatible(Responses, "/responses"), Compatible(Messages, "/messages"),
            At(Embeddings, "/embeddings"), At(Completions, "/completions"))
        {
            TakesFallbacks = true,
            KeyVariables = ["OPENROUTER_API_KEY"],
            BaseUrlVariable = "OPENROUTER_BASE_URL",
        },
        new("together", "https://api.together.xyz/v1", Bearer,
            At(ChatCompletions, "/chat/completions"), At(Embeddings, "/embeddings"), At(Completions, "/completions"))
        {
            KeyVariables = ["TOGETHER_API_KEY"],
            BaseUrlVariable = "TOGETHER_BASE_URL",
        },
        new("fireworks", "https://api.fireworks.ai/inference/v1", Bearer,
            At(ChatCompletions, "/chat/completions"), Compatible(Responses, "/responses"), At(Embeddings, "/embeddings"), At(Completions, "/completions"))
        {
            KeyVariables = ["FIREWORKS_API_KEY"],
            BaseUrlVariable = "FIREWORKS_BASE_URL",
        },
        new("perplexity", "https://api.perplexity.ai", Bearer, At(ChatCompletions, "/chat/completions"))
        {
            KeyVariables = ["PERPLEXITY_API_KEY", "PPLX_API_KEY"],
            BaseUrlVariable = "PERPLEXITY_BASE_URL",
        },
        new("cerebras", "https://api.cerebras.ai/v1", Bearer, At(ChatCompletions, "/chat/completions"), At(Completions, "/completions"))
        {
            KeyVariables = ["CEREBRAS_API_KEY"],
            BaseUrlVariable = "CEREBRAS_BASE_URL",
        },
        new("ollama", "http://127.0.0.1:11434", Bearer,
            At(ChatCompletions, "/v1/chat/completions"), At(Embeddings, "/v1/embeddings"), At(Completions, "/v1/completions"),
            Compatible(Responses, "/v1/responses"), Compatible(Messages, "/v1/messages"))
        {
            NeedsKey = false,
            KeyVariables = ["OLLAMA_API_KEY"],
            BaseUrlVariable = "OLLAMA_BASE_URL",
        },
        // The base URL holds the region. With an API key it is sent (bearer), with AWS credentials requests are signed.
        new("bedrock", null, Bearer, At(Converse, "/model/{model}/converse"), At(InvokeModel, "/model/{model}/invoke"))
        {
            IsAws = true,
            KeyVariables = ["AWS_BEARER_TOKEN_BEDROCK"],
            BaseUrlVariable = "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
        },
        new("voyage", "https://api.voyageai.com/v1", Bearer, At(Embeddings, "/embeddings"), At(Rerank, "/rerank"))
        {
            KeyVariables = ["VOYAGE_API_KEY"],
            BaseUrlVariable = "VOYAGE_BASE_URL",
        },
        // The base URL holds the account: https://api.cloudflare.com/client/v4/accounts/{id}/ai
        new("workers-ai", null, Bearer,
            At(WorkersAi, "/run/{model}"), Compatible(ChatCompletions, "/v1/chat/completions"), Compatible(Embeddings, "/v1/embeddings"))
        {
            KeyVariables = ["CLOUDFLARE_API_TOKEN"],
            BaseUrlVariable = "WORKERS_AI_BASE_URL",
        },
    ];

    private static readonly FrozenDictionary<string, ProviderKind> ByName = Kinds.ToFrozenDictionary(static k => k.Name, StringComparer.Ordinal);

    /// <summary>The row of that name; null: none.</summary>
    public static ProviderKind? Find(string kind) => ByName.GetValueOrDefault(kind);

    private static ProviderEndpoint At(Dialect dialect, string path, AuthScheme auth = Bearer) => new(dialect, path, auth);

    private static ProviderEndpoint Compatible(Dialect dialect, string path, AuthScheme auth = Bearer) => new(dialect, path, auth, IsCompatibility: true);
}
