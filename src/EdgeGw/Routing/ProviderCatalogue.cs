using System.Collections.Frozen;
using EdgeGw.Configuration;
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
            BaseUrlVariables = ["OPENAI_BASE_URL", "OPENAI_API_BASE"],
        },
        new("anthropic", "https://api.anthropic.com", XApiKey,
            At(Messages, "/v1/messages", XApiKey), Compatible(ChatCompletions, "/v1/chat/completions"))
        {
            KeyVariables = ["ANTHROPIC_API_KEY"],
            BaseUrlVariables = ["ANTHROPIC_BASE_URL"],
        },
        new("gemini", "https://generativelanguage.googleapis.com", XGoogApiKey,
            At(Gemini, "/v1beta/models/{model}:{method}", XGoogApiKey),
            Compatible(ChatCompletions, "/v1beta/openai/chat/completions"), Compatible(Embeddings, "/v1beta/openai/embeddings"))
        {
            KeyVariables = ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
            BaseUrlVariables = ["GOOGLE_GEMINI_BASE_URL", "GEMINI_BASE_URL"],
        },
        new("azure-openai", null, ApiKey,
            At(ChatCompletions, "/openai/v1/chat/completions", ApiKey), At(Responses, "/openai/v1/responses", ApiKey),
            At(Embeddings, "/openai/v1/embeddings", ApiKey), At(Completions, "/openai/v1/completions", ApiKey))
        {
            KeyVariables = ["AZURE_OPENAI_API_KEY"],
            BaseUrlVariables = ["AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_BASE_URL"],
            BaseSuffixes = ["/openai/v1", "/openai"],
        },
        new("mistral", "https://api.mistral.ai/v1", Bearer, At(ChatCompletions, "/chat/completions"), At(Embeddings, "/embeddings"))
        {
            KeyVariables = ["MISTRAL_API_KEY"],
            BaseUrlVariables = ["MISTRAL_BASE_URL"],
        },
        new("groq", "https://api.groq.com/openai/v1", Bearer, At(ChatCompletions, "/chat/completions"), Compatible(Responses, "/responses"))
        {
            KeyVariables = ["GROQ_API_KEY"],
            BaseUrlVariables = ["GROQ_BASE_URL"],
        },
        new("deepseek", "https://api.deepseek.com", Bearer,
            At(ChatCompletions, "/chat/completions"), Compatible(Messages, "/anthropic/v1/messages", XApiKey), Compatible(Responses, "/responses"))
        {
            KeyVariables = ["DEEPSEEK_API_KEY"],
            BaseUrlVariables = ["DEEPSEEK_BASE_URL"],
        },
        new("xai", "https://api.x.ai/v1", Bearer,
            At(ChatCompletions, "/chat/completions"), Compatible(Responses, "/responses"), Compatible(Messages, "/messages"), At(Completions, "/completions"))
        {
            KeyVariables = ["XAI_API_KEY"],
            BaseUrlVariables = ["XAI_BASE_URL"],
        },
        new("cohere", "https://api.cohere.com", Bearer,
            Compatible(ChatCompletions, "/compatibility/v1/chat/completions"), Compatible(Embeddings, "/compatibility/v1/embeddings"))
        {
            KeyVariables = ["CO_API_KEY", "COHERE_API_KEY"],
            BaseUrlVariables = ["CO_API_URL", "COHERE_BASE_URL"],
        },
        new("openrouter", "https://openrouter.ai/api/v1", Bearer,
            At(ChatCompletions, "/chat/completions"), Compatible(Responses, "/responses"), Compatible(Messages, "/messages"),
            At(Embeddings, "/embeddings"), At(Completions, "/completions"))
        {
            KeyVariables = ["OPENROUTER_API_KEY"],
            BaseUrlVariables = ["OPENROUTER_BASE_URL"],
        },
        new("together", "https://api.together.xyz/v1", Bearer,
            At(ChatCompletions, "/chat/completions"), At(Embeddings, "/embeddings"), At(Completions, "/completions"))
        {
            KeyVariables = ["TOGETHER_API_KEY"],
            BaseUrlVariables = ["TOGETHER_BASE_URL"],
        },
        new("fireworks", "https://api.fireworks.ai/inference/v1", Bearer,
            At(ChatCompletions, "/chat/completions"), Compatible(Responses, "/responses"), At(Embeddings, "/embeddings"), At(Completions, "/completions"))
        {
            KeyVariables = ["FIREWORKS_API_KEY"],
            BaseUrlVariables = ["FIREWORKS_BASE_URL"],
        },
        new("perplexity", "https://api.perplexity.ai", Bearer, At(ChatCompletions, "/chat/completions"))
        {
            KeyVariables = ["PERPLEXITY_API_KEY", "PPLX_API_KEY"],
            BaseUrlVariables = ["PERPLEXITY_BASE_URL"],
        },
        new("cerebras", "https://api.cerebras.ai/v1", Bearer, At(ChatCompletions, "/chat/completions"), At(Completions, "/completions"))
        {
            KeyVariables = ["CEREBRAS_API_KEY"],
            BaseUrlVariables = ["CEREBRAS_BASE_URL"],
        },
        new("ollama", "http://127.0.0.1:11434", Bearer,
            At(ChatCompletions, "/v1/chat/completions"), At(Embeddings, "/v1/embeddings"), At(Completions, "/v1/completions"),
            Compatible(Responses, "/v1/responses"), Compatible(Messages, "/v1/messages"))
        {
            NeedsKey = false,
            KeyVariables = ["OLLAMA_API_KEY"],
            BaseUrlVariables = ["OLLAMA_BASE_URL"],
        },
        // With an API key; signed requests pass through with the caller's own signature only while the host is the region's.
        new("bedrock", null, Bearer, At(Converse, "/model/{model}/converse"), At(InvokeModel, "/model/{model}/invoke"))
        {
            KeyVariables = ["AWS_BEARER_TOKEN_BEDROCK"],
            BaseUrlVariables = ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"],
        },
        new("voyage", "https://api.voyageai.com/v1", Bearer, At(Embeddings, "/embeddings"), At(Rerank, "/rerank"))
        {
            KeyVariables = ["VOYAGE_API_KEY"],
            BaseUrlVariables = ["VOYAGE_BASE_URL"],
        },
        // The base URL holds the account: https://api.cloudflare.com/client/v4/accounts/{id}/ai
        new("workers-ai", null, Bearer,
            At(WorkersAi, "/run/{model}"), Compatible(ChatCompletions, "/v1/chat/completions"), Compatible(Embeddings, "/v1/embeddings"))
        {
            KeyVariables = ["CLOUDFLARE_API_TOKEN"],
            BaseUrlVariables = ["WORKERS_AI_BASE_URL"],
        },
    ];

    private static readonly FrozenDictionary<string, ProviderKind> ByName = Kinds.ToFrozenDictionary(static k => k.Name, StringComparer.Ordinal);

    /// <summary>The row of that name; null: none.</summary>
    public static ProviderKind? Find(string kind) => ByName.GetValueOrDefault(kind);

    /// <summary>The providers that the SDKs' own environment variables describe, by kind.</summary>
    /// <param name="read">Reads a variable; null or empty: not set.</param>
    /// <param name="faults">Variables that hold no usable URL, for the operator.</param>
    public static IReadOnlyDictionary<string, ProviderConfig> FromEnvironment(Func<string, string?> read, out IReadOnlyList<string> faults)
    {
        var found = new Dictionary<string, ProviderConfig>(StringComparer.Ordinal);
        var wrong = new List<string>();
        foreach (var kind in Kinds)
        {
            var key = kind.KeyVariables.Select(read).FirstOrDefault(static v => !string.IsNullOrWhiteSpace(v))?.Trim();
            var variable = kind.BaseUrlVariables.FirstOrDefault(v => !string.IsNullOrWhiteSpace(read(v)));
            Uri? url = null;
            if (variable is not null && !(Uri.TryCreate(read(variable)!.Trim(), UriKind.Absolute, out url) && url.Scheme is "http" or "https"))
            {
                wrong.Add($"{variable} is no http or https URL");
                continue;
            }
            // A URL without a key is a server of one's own; a key without a URL needs the table to know one.
            if ((key is not null && kind.BaseUrl is not null) || url is not null)
            {
                found.Add(kind.Name, new ProviderConfig { Kind = kind.Name, ApiKey = key, BaseUrl = url });
            }
        }
        faults = wrong;
        return found;
    }

    private static ProviderEndpoint At(Dialect dialect, string path, AuthScheme auth = Bearer) => new(dialect, path, auth);

    private static ProviderEndpoint Compatible(Dialect dialect, string path, AuthScheme auth = Bearer) => new(dialect, path, auth, IsCompatibility: true);
}
