namespace EdgeGw.FunctionalTests.Providers;

/// <summary>OpenAI Chat Completions.</summary>
internal sealed class ChatDialect : IFakeDialect
{
    public string Name => "chat";

    public string StreamContentType => "text/event-stream; charset=utf-8";

    public string Unary(FakeAnswer answer) => $$"""
        {
          "id": "chatcmpl-{{answer.Id}}",
          "object": "chat.completion",
          "created": 1762000000,
          "model": "{{answer.Model}}",
          "choices": [{"index": 0, "message": {"role": "assistant", "content": "{{answer.WholeText}}", "refusal": null}, "logprobs": null, "finish_reason": "stop"}],
          "usage": {{Usage(answer.Script, answer.Script.Output)}},
          "service_tier": "default"
        }

        """;

    public string Head(FakeAnswer answer) => Chunk(answer, """{"role":"assistant","content":"","refusal":null}""", "null");

    public string Delta(FakeAnswer answer, int index, string text, long generated) => Chunk(answer, $$"""{"content":"{{text}}"}""", "null");

    public string Tail(FakeAnswer answer)
    {
        var usage = WantsUsage(answer)
            ? $"data: {Opening(answer)}\"choices\":[],\"usage\":{Usage(answer.Script, answer.Script.Output)}}}\n\n"
            : "";
        return Chunk(answer, "{}", "\"stop\"") + usage + "data: [DONE]\n\n";
    }

    public string Padding(FakeAnswer answer, string text) => Chunk(answer, $$"""{"content":"{{text}}"}""", "null");

    public string Error(int status, string message) =>
        $$$"""{"error": {"message": "{{{message}}}", "type": "fake_error", "param": null, "code": "fake_{{{status}}}"}}""";

    public string ErrorEvent(string message) => $"data: {Error(500, message)}\n\n";

    internal static string Usage(FakeScript script, long output) =>
        $$$"""{"prompt_tokens":{{{script.Input}}},"completion_tokens":{{{output}}},"total_tokens":{{{script.Input + output}}},"prompt_tokens_details":{"cached_tokens":{{{script.CachedInput}}},"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":{{{script.Reasoning}}},"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}""";

    private static bool WantsUsage(FakeAnswer answer) => answer.Script.Usage switch
    {
        UsageHabit.Always => true,
        UsageHabit.Never => false,
        _ => answer.IncludeUsage,
    };

    private static string Opening(FakeAnswer answer) =>
        $$"""{"id":"chatcmpl-{{answer.Id}}","object":"chat.completion.chunk","created":1762000000,"model":"{{answer.Model}}","service_tier":"default",""";

    private static string Chunk(FakeAnswer answer, string delta, string finish)
    {
        var usage = WantsUsage(answer) ? ",\"usage\":null" : "";
        return $"data: {Opening(answer)}\"choices\":[{{\"index\":0,\"delta\":{delta},\"logprobs\":null,\"finish_reason\":{finish}}}]{usage}}}\n\n";
    }
}
