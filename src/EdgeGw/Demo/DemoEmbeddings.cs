using System.Text.Json;

namespace EdgeGw.Demo;

/// <summary>OpenAI Embeddings: one short invented vector.</summary>
internal sealed class DemoEmbeddings : DemoDialect
{
    private const int Dimensions = 8;

    public override bool CanStream => false;

    public override void WriteWhole(Utf8JsonWriter json, DemoAnswer answer)
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        json.WriteStartObject();
        json.WriteString("object", "embedding");
        json.WriteNumber("index", 0);
        json.WriteStartArray("embedding");
        for (var i = 0; i < Dimensions; i++)
        {
            json.WriteNumberValue((((answer.InputTokens * 31) + (i * 17)) % 100 / 100m) - 0.5m);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("model", answer.Model);
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", answer.InputTokens);
        json.WriteNumber("total_tokens", answer.InputTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public override IEnumerable<DemoEvent> Events(DemoAnswer answer) => throw new NotSupportedException("Embeddings are never streamed.");
}
