using System.Text.Json;

namespace EdgeGw.Demo;

/// <summary>Gemini generateContent.</summary>
internal sealed class DemoGemini : DemoDialect
{
    public override void WriteWhole(Utf8JsonWriter json, DemoAnswer answer) => WritePiece(json, answer, answer.Text, answer.OutputTokens, last: true);

    public override IEnumerable<DemoEvent> Events(DemoAnswer answer)
    {
        for (var i = 0; i < answer.Words.Length; i++)
        {
            var index = i;
            yield return new DemoEvent(
                null,
                json => WritePiece(json, answer, answer.Words[index], index + 1, last: index == answer.Words.Length - 1),
                Paced: true);
        }
    }

    private static void WritePiece(Utf8JsonWriter json, DemoAnswer answer, string text, int generated, bool last)
    {
        json.WriteStartObject();
        json.WriteStartArray("candidates");
        json.WriteStartObject();
        json.WriteStartObject("content");
        json.WriteStartArray("parts");
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("role", "model");
        json.WriteEndObject();
        if (last)
        {
            json.WriteString("finishReason", answer.Truncated ? "MAX_TOKENS" : "STOP");
        }
        json.WriteNumber("index", 0);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("usageMetadata");
        json.WriteNumber("promptTokenCount", answer.InputTokens);
        json.WriteNumber("candidatesTokenCount", generated);
        json.WriteNumber("totalTokenCount", answer.InputTokens + generated);
        json.WriteEndObject();
        json.WriteString("modelVersion", answer.Model);
        json.WriteString("responseId", answer.Id);
        json.WriteEndObject();
    }
}
