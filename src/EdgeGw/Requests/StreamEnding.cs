using System.Buffers;
using System.Text.Json;
using EdgeGw.Metering;

namespace EdgeGw.Requests;

/// <summary>How a running stream is ended with an error that the caller's SDK understands, in the dialects that have such a thing.</summary>
internal static class StreamEnding
{
    /// <summary>False: the answer can only be broken off, as when the provider does.</summary>
    public static bool Exists(Dialect dialect, BodyForm form) => form switch
    {
        BodyForm.Sse => dialect is Dialect.ChatCompletions or Dialect.Completions or Dialect.Responses or Dialect.Messages or Dialect.Gemini,
        // A line each; other JSON is a document or an array, and half of one cannot be mended.
        BodyForm.Json => dialect == Dialect.Ollama,
        _ => false,
    };

    /// <summary>Where the last event ends that ends within <paramref name="piece"/>, its blank line included; 0: none does.</summary>
    /// <remarks>Two line ends in a row are a blank line wherever they stand, whatever came before the piece.</remarks>
    public static int LastBoundary(BodyForm form, ReadOnlySpan<byte> piece) => form == BodyForm.Sse
        ? Math.Max(EndOfLast(piece, "\n\n"u8), Math.Max(EndOfLast(piece, "\n\r\n"u8), EndOfLast(piece, "\r\r"u8)))
        : piece.LastIndexOf((byte)'\n') + 1;

    /// <summary>Writes the last event, to stand behind a whole one.</summary>
    /// <param name="events">How many came before.</param>
    public static void Write(ArrayBufferWriter<byte> output, Dialect dialect, Refusal refusal, Guid requestId, int events)
    {
        switch (dialect)
        {
            case Dialect.Ollama:
                using (var json = new Utf8JsonWriter(output))
                {
                    json.WriteStartObject();
                    json.WriteString("error"u8, refusal.Message);
                    json.WriteEndObject();
                }
                output.Write("\n"u8);
                return;
            case Dialect.Messages:
                output.Write("event: error\ndata: "u8);
                ErrorBody.Write(output, dialect, refusal, requestId);
                break;
            case Dialect.Responses:
                output.Write("event: error\ndata: "u8);
                WriteResponses(output, refusal, events);
                break;
            default:
                output.Write("data: "u8);
                ErrorBody.Write(output, dialect, refusal, requestId);
                break;
        }
        output.Write(dialect is Dialect.ChatCompletions or Dialect.Completions ? "\n\ndata: [DONE]\n\n"u8 : "\n\n"u8);
    }

    /// <summary>As OpenAI documents it, and with the nested <c>error</c> that it really sends: only at that its SDKs stop.</summary>
    private static void WriteResponses(ArrayBufferWriter<byte> output, Refusal refusal, int events)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        WriteReason(json, refusal);
        json.WriteNumber("sequence_number"u8, events);
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, refusal.Code);
        WriteReason(json, refusal);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteReason(Utf8JsonWriter json, Refusal refusal)
    {
        json.WriteString("code"u8, refusal.Code);
        json.WriteString("message"u8, refusal.Message);
        json.WriteNull("param"u8);
    }

    private static int EndOfLast(ReadOnlySpan<byte> piece, ReadOnlySpan<byte> blank) =>
        piece.LastIndexOf(blank) is >= 0 and var at ? at + blank.Length : 0;
}
