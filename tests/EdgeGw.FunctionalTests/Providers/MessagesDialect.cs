namespace EdgeGw.FunctionalTests.Providers;

/// <summary>Anthropic Messages. Cached and written input stand beside <c>input_tokens</c>, as there.</summary>
internal sealed class MessagesDialect : IFakeDialect
{
    public string Name => "messages";

    public string StreamContentType => "text/event-stream; charset=utf-8";

    public string Unary(FakeAnswer answer) =>
        $$$"""{"id":"msg_{{{answer.Id}}}","type":"message","role":"assistant","model":"{{{answer.Model}}}","content":[{"type":"text","text":"{{{answer.WholeText}}}"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{{{Usage(answer.Script, answer.Script.Output)}}}}""";

    public string Head(FakeAnswer answer) =>
        // The placeholder of one output token is what the provider really sends here; it must never be billed as the total.
        Event("message_start", $$$""","message":{"id":"msg_{{{answer.Id}}}","type":"message","role":"assistant","model":"{{{answer.Model}}}","content":[],"stop_reason":null,"stop_sequence":null,"usage":{{{Usage(answer.Script, 1)}}}}""")
        + Event("content_block_start", ""","index":0,"content_block":{"type":"text","text":""}""")
        + Event("ping", "");

    public string Delta(FakeAnswer answer, int index, string text, long generated) =>
        Event("content_block_delta", $$$""","index":0,"delta":{"type":"text_delta","text":"{{{text}}}"}""", new string(' ', index % 5));

    public string Tail(FakeAnswer answer) =>
        Event("content_block_stop", ",\"index\":0")
        + Event("message_delta", $$$""","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":{{{answer.Script.Output}}}}""")
        + Event("message_stop", "");

    public string Padding(FakeAnswer answer, string text) => Delta(answer, 0, text, 0);

    public string Error(int status, string message) =>
        $$$"""{"type":"error","error":{"type":"{{{(status == 429 ? "rate_limit_error" : "api_error")}}}","message":"{{{message}}}"},"request_id":"req_fake"}""";

    public string ErrorEvent(string message) => $"event: error\ndata: {Error(500, message)}\n\n";

    private static string Usage(FakeScript script, long output)
    {
        var plain = script.Input - script.CachedInput - script.CacheWrite;
        return $$$"""{"input_tokens":{{{plain}}},"cache_creation_input_tokens":{{{script.CacheWrite}}},"cache_read_input_tokens":{{{script.CachedInput}}},"cache_creation":{"ephemeral_5m_input_tokens":{{{script.CacheWrite}}},"ephemeral_1h_input_tokens":0},"output_tokens":{{{output}}},"service_tier":"standard"}""";
    }

    private static string Event(string type, string rest, string padding = "") => $"event: {type}\ndata: {{\"type\":\"{type}\"{rest}}}{padding}\n\n";
}
