using System.Text.Json;

namespace EdgeGw.Demo;

/// <summary>How one API writes an answer.</summary>
internal abstract class DemoDialect
{
    private static readonly DemoChat Chat = new();
    private static readonly DemoResponses Responses = new();
    private static readonly DemoMessages Messages = new();
    private static readonly DemoGemini Gemini = new();
    private static readonly DemoEmbeddings Embeddings = new();

    /// <summary>The dialect that a path belongs to; null: none.</summary>
    public static DemoDialect? Of(string path) => path switch
    {
        _ when path.EndsWith("/chat/completions", StringComparison.Ordinal) => Chat,
        _ when path.EndsWith("/responses", StringComparison.Ordinal) => Responses,
        _ when path.EndsWith("/messages", StringComparison.Ordinal) => Messages,
        _ when path.EndsWith("/embeddings", StringComparison.Ordinal) => Embeddings,
        _ when path.EndsWith(":generateContent", StringComparison.Ordinal) || path.EndsWith(":streamGenerateContent", StringComparison.Ordinal) => Gemini,
        _ => null,
    };

    public virtual bool CanStream => true;

    /// <summary>Writes the whole answer as one JSON value.</summary>
    public abstract void WriteWhole(Utf8JsonWriter json, DemoAnswer answer);

    /// <summary>The events of a streamed answer: at most one of them waits before each word.</summary>
    public abstract IEnumerable<DemoEvent> Events(DemoAnswer answer);
}

/// <summary>One event of a stream.</summary>
/// <param name="Name">The <c>event:</c> line; null: none.</param>
/// <param name="Write">Writes the JSON of the <c>data:</c> line; null: the terminator <c>[DONE]</c>.</param>
/// <param name="Paced">A word is in it: it comes after the time that a model takes for one.</param>
internal readonly record struct DemoEvent(string? Name, Action<Utf8JsonWriter>? Write, bool Paced = false);
