using System.Text.Json;

namespace EdgeGw.Demo;

/// <summary>OpenAI Chat Completions.</summary>
internal sealed class DemoChat : DemoDialect
{
    public override void WriteWhole(Utf8JsonWriter json, DemoAnswer answer)
    {
        Open(json, answer, "chat.completion");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", answer.Text);
        json.WriteNull("refusal");
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", Finish(answer));
        json.WriteEndObject();
        json.WriteEndArray();
        WriteUsage(json, answer);
        json.WriteEndObject();
    }

    public override IEnumerable<DemoEvent> Events(DemoAnswer answer)
    {
        yield return Chunk(answer, first: true, word: "", finish: null, paced: true);
        foreach (var word in answer.Words)
        {
            yield return Chunk(answer, first: false, word, finish: null, paced: true);
        }
        yield return Chunk(answer, first: false, word: null, Finish(answer), paced: false);
        if (answer.Request.IncludeUsage)
        {
            yield return new DemoEvent(null, json =>
            {
                Open(json, answer, "chat.completion.chunk");
                json.WriteStartArray("choices");
                json.WriteEndArray();
                WriteUsage(json, answer);
                json.WriteEndObject();
            });
        }
        yield return new DemoEvent(null, null);
    }

    private static DemoEvent Chunk(DemoAnswer answer, bool first, string? word, string? finish, bool paced) => new(
        null,
        json =>
        {
            Open(json, answer, "chat.completion.chunk");
            json.WriteStartArray("choices");
            json.WriteStartObject();
            json.WriteNumber("index", 0);
            json.WriteStartObject("delta");
            if (first)
            {
                json.WriteString("role", "assistant");
            }
            if (word is not null)
            {
                json.WriteString("content", word);
            }
            json.WriteEndObject();
            json.WriteNull("logprobs");
            json.WriteString("finish_reason", finish);
            json.WriteEndObject();
            json.WriteEndArray();
            if (answer.Request.IncludeUsage)
            {
                json.WriteNull("usage");
            }
            json.WriteEndObject();
        },
        paced);

    private static string Finish(DemoAnswer answer) => answer.Truncated ? "length" : "stop";

    private static void Open(Utf8JsonWriter json, DemoAnswer answer, string kind)
    {
        json.WriteStartObject();
        json.WriteString("id", "chatcmpl-" + answer.Id);
        json.WriteString("object", kind);
        json.WriteNumber("created", answer.CreatedUnixSeconds);
        json.WriteString("model", answer.Model);
        json.WriteString("service_tier", "default");
    }

    private static void WriteUsage(Utf8JsonWriter json, DemoAnswer answer)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", answer.InputTokens);
        json.WriteNumber("completion_tokens", answer.OutputTokens);
        json.WriteNumber("total_tokens", answer.InputTokens + answer.OutputTokens);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", 0);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
