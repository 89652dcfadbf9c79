using System.Text.Json;

namespace EdgeGw.Demo;

/// <summary>Anthropic Messages.</summary>
internal sealed class DemoMessages : DemoDialect
{
    public override void WriteWhole(Utf8JsonWriter json, DemoAnswer answer) => WriteMessage(json, answer, complete: true);

    public override IEnumerable<DemoEvent> Events(DemoAnswer answer)
    {
        yield return Event("message_start", json => WriteStart(json, answer), paced: true);
        yield return Event("content_block_start", json =>
        {
            json.WriteNumber("index", 0);
            json.WriteStartObject("content_block");
            json.WriteString("type", "text");
            json.WriteString("text", "");
            json.WriteEndObject();
        });
        yield return Event("ping", _ => { });
        foreach (var word in answer.Words)
        {
            yield return Event("content_block_delta", json => WriteDelta(json, word), paced: true);
        }
        yield return Event("content_block_stop", json => json.WriteNumber("index", 0));
        yield return Event("message_delta", json =>
        {
            json.WriteStartObject("delta");
            json.WriteString("stop_reason", Stop(answer));
            json.WriteNull("stop_sequence");
            json.WriteEndObject();
            WriteUsage(json, answer, answer.OutputTokens);
        });
        yield return Event("message_stop", _ => { });
    }

    private static DemoEvent Event(string type, Action<Utf8JsonWriter> rest, bool paced = false) => new(
        type,
        json =>
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            rest(json);
            json.WriteEndObject();
        },
        paced);

    private static void WriteStart(Utf8JsonWriter json, DemoAnswer answer)
    {
        json.WritePropertyName("message");
        WriteMessage(json, answer, complete: false);
    }

    private static void WriteDelta(Utf8JsonWriter json, string word)
    {
        json.WriteNumber("index", 0);
        json.WriteStartObject("delta");
        json.WriteString("type", "text_delta");
        json.WriteString("text", word);
        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, DemoAnswer answer, bool complete)
    {
        json.WriteStartObject();
        json.WriteString("id", "msg_" + answer.Id);
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", answer.Model);
        json.WriteStartArray("content");
        if (complete)
        {
            json.WriteStartObject();
            json.WriteString("type", "text");
            json.WriteString("text", answer.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("stop_reason", complete ? Stop(answer) : null);
        json.WriteNull("stop_sequence");
        // The real API, too, opens a stream with a placeholder of one output token.
        WriteUsage(json, answer, complete ? answer.OutputTokens : 1);
        json.WriteEndObject();
    }

    private static string Stop(DemoAnswer answer) => answer.Truncated ? "max_tokens" : "end_turn";

    private static void WriteUsage(Utf8JsonWriter json, DemoAnswer answer, int output)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", answer.InputTokens);
        json.WriteNumber("cache_creation_input_tokens", 0);
        json.WriteNumber("cache_read_input_tokens", 0);
        json.WriteNumber("output_tokens", output);
        json.WriteString("service_tier", "standard");
        json.WriteEndObject();
    }
}
