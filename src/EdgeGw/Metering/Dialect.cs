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
}
