namespace EdgeGw.Metering;

/// <summary>The API spoken on a request: decides where model, stream flag and usage stand, and the shape of errors.</summary>
public enum Dialect : byte
{
    /// <summary>Anything else: forwarded and recorded, not understood.</summary>
    Opaque,
    /// <summary>OpenAI <c>/chat/completions</c> and its look-alikes.</summary>
    ChatCompletions,
    /// <summary>OpenAI legacy <c>/completions</c>.</summary>
    Completions,
    /// <summary>OpenAI <c>/responses</c>.</summary>
    Responses,
    /// <summary>OpenAI <c>/embeddings</c>.</summary>
    Embeddings,
    /// <summary>Anthropic <c>/v1/messages</c>.</summary>
    Messages,
    /// <summary>Gemini and Vertex <c>:generateContent</c>, <c>:streamGenerateContent</c>.</summary>
    Gemini,
    /// <summary>Bedrock <c>/converse</c>, <c>/converse-stream</c>.</summary>
    Converse,
    /// <summary>Bedrock <c>/invoke</c>, <c>/invoke-with-response-stream</c>: the body is the model family's.</summary>
    InvokeModel,
    /// <summary>Cohere <c>/v1/chat</c>, <c>/v2/chat</c>.</summary>
    CohereChat,
    /// <summary><c>/rerank</c> of Cohere, Voyage and their like.</summary>
    Rerank,
    /// <summary>Ollama <c>/api/chat</c>, <c>/api/generate</c>.</summary>
    Ollama,
    /// <summary>Gemini <c>/interactions</c>.</summary>
    Interactions,
    /// <summary>OpenAI <c>/images/…</c> and Imagen.</summary>
    Images,
    /// <summary>OpenAI <c>/audio/transcriptions</c>, <c>/audio/translations</c>.</summary>
    Transcriptions,
    /// <summary>OpenAI <c>/audio/speech</c>.</summary>
    Speech,
    /// <summary>Anthropic legacy <c>/v1/complete</c>.</summary>
    AnthropicComplete,
    /// <summary>watsonx <c>/text/generation</c>.</summary>
    Watsonx,
    /// <summary>Cloudflare Workers AI <c>/ai/run/{model}</c>.</summary>
    WorkersAi,
    /// <summary>Mistral <c>/ocr</c>.</summary>
    Ocr,
}
