namespace EdgeGw.FunctionalTests.Providers;

/// <summary>OpenAI Responses.</summary>
internal sealed class ResponsesDialect : IFakeDialect
{
    public string Name => "responses";

    public string StreamContentType => "text/event-stream; charset=utf-8";

    public string Unary(FakeAnswer answer) => Response(answer, "completed", $"[{Item(answer, answer.WholeText, "completed")}]", Usage(answer.Script));

    public string Head(FakeAnswer answer)
    {
        var response = Response(answer, "in_progress", "[]", "null");
        return Event("response.created", 0, $"\"response\":{response}")
            + Event("response.in_progress", 1, $"\"response\":{response}")
            + Event("response.output_item.added", 2, $"\"output_index\":0,\"item\":{Item(answer, null, "in_progress")}")
            + Event("response.content_part.added", 3, $"{At(answer)}\"part\":{Part("")}");
    }

    public string Delta(FakeAnswer answer, int index, string text, long generated) =>
        Event("response.output_text.delta", index + 4, $"{At(answer)}\"delta\":\"{text}\",\"logprobs\":[],\"obfuscation\":\"aB3x\"");

    public string Tail(FakeAnswer answer)
    {
        var next = answer.Script.Chunks + 4;
        var text = answer.WholeText;
        var item = Item(answer, text, "completed");
        return Event("response.output_text.done", next, $"{At(answer)}\"text\":\"{text}\",\"logprobs\":[]")
            + Event("response.content_part.done", next + 1, $"{At(answer)}\"part\":{Part(text)}")
            + Event("response.output_item.done", next + 2, $"\"output_index\":0,\"item\":{item}")
            + Event("response.completed", next + 3, $"\"response\":{Response(answer, "completed", $"[{item}]", Usage(answer.Script))}");
    }

    public string Padding(FakeAnswer answer, string text) => Delta(answer, 0, text, 0);

    public string Error(int status, string message) =>
        $$$"""{"error": {"message": "{{{message}}}", "type": "fake_error", "param": null, "code": "fake_{{{status}}}"}}""";

    public string ErrorEvent(string message) =>
        Event("error", 4, $"\"error\":{{\"type\":\"server_error\",\"code\":\"fake_500\",\"message\":\"{message}\",\"param\":null}}");

    private static string Usage(FakeScript script) =>
        $$$"""{"input_tokens":{{{script.Input}}},"input_tokens_details":{"cached_tokens":{{{script.CachedInput}}}},"output_tokens":{{{script.Output}}},"output_tokens_details":{"reasoning_tokens":{{{script.Reasoning}}}},"total_tokens":{{{script.Input + script.Output}}}}""";

    private static string At(FakeAnswer answer) => $"\"item_id\":\"msg_{answer.Id}\",\"output_index\":0,\"content_index\":0,";

    private static string Part(string text) => $$"""{"type":"output_text","annotations":[],"logprobs":[],"text":"{{text}}"}""";

    private static string Item(FakeAnswer answer, string? text, string status) =>
        $$"""{"id":"msg_{{answer.Id}}","type":"message","status":"{{status}}","content":[{{(text is null ? "" : Part(text))}}],"role":"assistant"}""";

    private static string Response(FakeAnswer answer, string status, string output, string usage) =>
        $$$"""{"id":"resp_{{{answer.Id}}}","object":"response","created_at":1762000000,"status":"{{{status}}}","background":false,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":null,"model":"{{{answer.Model}}}","output":{{{output}}},"parallel_tool_calls":true,"previous_response_id":null,"service_tier":"default","store":true,"temperature":1.0,"tool_choice":"auto","tools":[],"top_p":1.0,"truncation":"disabled","usage":{{{usage}}},"user":null,"metadata":{}}""";

    private static string Event(string type, int sequence, string rest) =>
        $"event: {type}\ndata: {{\"type\":\"{type}\",\"sequence_number\":{sequence},{rest}}}\n\n";
}
