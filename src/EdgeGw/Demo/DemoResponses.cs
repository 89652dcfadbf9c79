using System.Text.Json;

namespace EdgeGw.Demo;

/// <summary>OpenAI Responses.</summary>
internal sealed class DemoResponses : DemoDialect
{
    public override void WriteWhole(Utf8JsonWriter json, DemoAnswer answer) => WriteResponse(json, answer, complete: true);

    public override IEnumerable<DemoEvent> Events(DemoAnswer answer)
    {
        var sequence = 0;
        yield return Event("response.created", sequence++, json => WriteNested(json, answer, complete: false));
        yield return Event("response.in_progress", sequence++, json => WriteNested(json, answer, complete: false));
        yield return Event("response.output_item.added", sequence++, json =>
        {
            json.WriteNumber("output_index", 0);
            json.WritePropertyName("item");
            WriteItem(json, answer, text: null);
        });
        yield return Event("response.content_part.added", sequence++, json =>
        {
            WritePlace(json, answer);
            json.WritePropertyName("part");
            WritePart(json, "");
        });
        foreach (var word in answer.Words)
        {
            yield return Event("response.output_text.delta", sequence++, json => WriteDelta(json, answer, word), paced: true);
        }
        yield return Event("response.output_text.done", sequence++, json =>
        {
            WritePlace(json, answer);
            json.WriteString("text", answer.Text);
            WriteEmptyArray(json, "logprobs");
        });
        yield return Event("response.content_part.done", sequence++, json =>
        {
            WritePlace(json, answer);
            json.WritePropertyName("part");
            WritePart(json, answer.Text);
        });
        yield return Event("response.output_item.done", sequence++, json =>
        {
            json.WriteNumber("output_index", 0);
            json.WritePropertyName("item");
            WriteItem(json, answer, answer.Text);
        });
        yield return Event(answer.Truncated ? "response.incomplete" : "response.completed", sequence, json => WriteNested(json, answer, complete: true));
    }

    private static DemoEvent Event(string type, int sequence, Action<Utf8JsonWriter> rest, bool paced = false) => new(
        type,
        json =>
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteNumber("sequence_number", sequence);
            rest(json);
            json.WriteEndObject();
        },
        paced);

    private static void WriteDelta(Utf8JsonWriter json, DemoAnswer answer, string word)
    {
        WritePlace(json, answer);
        json.WriteString("delta", word);
        WriteEmptyArray(json, "logprobs");
    }

    private static void WriteNested(Utf8JsonWriter json, DemoAnswer answer, bool complete)
    {
        json.WritePropertyName("response");
        WriteResponse(json, answer, complete);
    }

    private static void WriteResponse(Utf8JsonWriter json, DemoAnswer answer, bool complete)
    {
        json.WriteStartObject();
        json.WriteString("id", "resp_" + answer.Id);
        json.WriteString("object", "response");
        json.WriteNumber("created_at", answer.CreatedUnixSeconds);
        json.WriteString("status", !complete ? "in_progress" : answer.Truncated ? "incomplete" : "completed");
        json.WriteNull("error");
        if (complete && answer.Truncated)
        {
            json.WriteStartObject("incomplete_details");
            json.WriteString("reason", "max_output_tokens");
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("incomplete_details");
        }
        json.WriteNull("instructions");
        json.WriteString("model", answer.Model);
        json.WriteStartArray("output");
        if (complete)
        {
            WriteItem(json, answer, answer.Text);
        }
        json.WriteEndArray();
        json.WriteBoolean("parallel_tool_calls", true);
        json.WriteNull("previous_response_id");
        json.WriteString("service_tier", "default");
        json.WriteBoolean("store", false);
        json.WriteNumber("temperature", 1);
        json.WriteString("tool_choice", "auto");
        WriteEmptyArray(json, "tools");
        json.WriteNumber("top_p", 1);
        json.WriteString("truncation", "disabled");
        if (complete)
        {
            WriteUsage(json, answer);
        }
        else
        {
            json.WriteNull("usage");
        }
        json.WriteStartObject("metadata");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteItem(Utf8JsonWriter json, DemoAnswer answer, string? text)
    {
        json.WriteStartObject();
        json.WriteString("id", "msg_" + answer.Id);
        json.WriteString("type", "message");
        json.WriteString("status", text is null ? "in_progress" : answer.Truncated ? "incomplete" : "completed");
        json.WriteStartArray("content");
        if (text is not null)
        {
            WritePart(json, text);
        }
        json.WriteEndArray();
        json.WriteString("role", "assistant");
        json.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "output_text");
        WriteEmptyArray(json, "annotations");
        WriteEmptyArray(json, "logprobs");
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter json, DemoAnswer answer)
    {
        json.WriteString("item_id", "msg_" + answer.Id);
        json.WriteNumber("output_index", 0);
        json.WriteNumber("content_index", 0);
    }

    private static void WriteEmptyArray(Utf8JsonWriter json, string name)
    {
        json.WriteStartArray(name);
        json.WriteEndArray();
    }

    private static void WriteUsage(Utf8JsonWriter json, DemoAnswer answer)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", answer.InputTokens);
        json.WriteStartObject("input_tokens_details");
        json.WriteNumber("cached_tokens", 0);
        json.WriteEndObject();
        json.WriteNumber("output_tokens", answer.OutputTokens);
        json.WriteStartObject("output_tokens_details");
        json.WriteNumber("reasoning_tokens", 0);
        json.WriteEndObject();
        json.WriteNumber("total_tokens", answer.InputTokens + answer.OutputTokens);
        json.WriteEndObject();
    }
}
