namespace EdgeGw.Metering.Dialects;

/// <summary>Which reader meters a dialect, and under which name the corpus and the command line know it.</summary>
internal static class DialectTable
{
    private static readonly (Dialect Dialect, string Api, Func<DialectReader> Create)[] Rows =
    [
        (Dialect.ChatCompletions, "chat", static () => new ChatReader()),
        (Dialect.Completions, "completions", static () => new ChatReader()),
        (Dialect.Responses, "responses", static () => new ResponsesReader()),
        (Dialect.Embeddings, "embeddings", static () => new EmbeddingsReader()),
        (Dialect.Messages, "messages", static () => new MessagesReader()),
        (Dialect.Gemini, "gemini", static () => new GeminiReader()),
        (Dialect.Converse, "converse", static () => new ConverseReader()),
        (Dialect.InvokeModel, "invoke", static () => new InvokeModelReader()),
        (Dialect.CohereChat, "chat-v1", static () => new CohereChatReader()),
        (Dialect.CohereChat, "chat-v2", static () => new CohereChatReader()),
        (Dialect.Rerank, "rerank", static () => new RerankReader()),
        (Dialect.Ollama, "native", static () => new OllamaReader()),
        (Dialect.Interactions, "interactions", static () => new InteractionsReader()),
        (Dialect.Images, "images", static () => new ImagesReader()),
        (Dialect.Transcriptions, "transcriptions", static () => new TranscriptionsReader()),
        (Dialect.Speech, "speech", static () => new SpeechReader()),
        (Dialect.AnthropicComplete, "legacy-complete", static () => new AnthropicCompleteReader()),
        (Dialect.Watsonx, "generation", static () => new WatsonxReader()),
        (Dialect.WorkersAi, "run", static () => new WorkersAiReader()),
        (Dialect.Ocr, "ocr", static () => new OcrReader()),
    ];

    public static IEnumerable<string> Apis => Rows.Select(static row => row.Api);

    public static int Count { get; } = Enum.GetValues<Dialect>().Length;

    /// <summary>A reader, or null for a dialect that is forwarded without being understood.</summary>
    public static DialectReader? Create(Dialect dialect)
    {
        foreach (var row in Rows)
        {
            if (row.Dialect == dialect)
            {
                return row.Create();
            }
        }
        return null;
    }

    public static bool TryParse(string api, out Dialect dialect)
    {
        foreach (var row in Rows)
        {
            if (row.Api == api)
            {
                dialect = row.Dialect;
                return true;
            }
        }
        dialect = Dialect.Opaque;
        return false;
    }
}
