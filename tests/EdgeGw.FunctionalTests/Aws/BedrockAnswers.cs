using System.Text;
using EdgeGw.Tests.Metering;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.FunctionalTests.Aws;

/// <summary>Answers of Bedrock's four operations, each of 20 input and 5 output tokens, and of its OpenAI-style endpoint.</summary>
internal static class BedrockAnswers
{
    public const string BadSignature = """{"message":"The request signature we calculated does not match the signature you provided."}""";

    public const string Converse = """
        {"metrics":{"latencyMs":7},"output":{"message":{"content":[{"text":"Hello"}],"role":"assistant"}},"stopReason":"end_turn","usage":{"inputTokens":20,"outputTokens":5,"totalTokens":25}}
        """;

    public const string Invoke = """
        {"id":"msg_1","type":"message","role":"assistant","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","usage":{"input_tokens":20,"output_tokens":5}}
        """;

    public static byte[] ConverseStream { get; } =
    [
        .. Frames.Event("messageStart", """{"role":"assistant"}"""),
        .. Frames.Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"Hel"}}"""),
        .. Frames.Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"lo"}}"""),
        .. Frames.Event("contentBlockStop", """{"contentBlockIndex":0}"""),
        .. Frames.Event("messageStop", """{"stopReason":"end_turn"}"""),
        .. Frames.Event("metadata", """{"metrics":{"latencyMs":7},"usage":{"inputTokens":20,"outputTokens":5,"totalTokens":25}}"""),
    ];

    public static byte[] InvokeStream { get; } =
    [
        .. Frames.Chunk("""{"type":"message_start","message":{"id":"m","role":"assistant","usage":{"input_tokens":20,"output_tokens":1}}}"""),
        .. Frames.Chunk("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}"""),
        .. Frames.Chunk("""{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":5}}"""),
        .. Frames.Chunk("""{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":20,"outputTokenCount":5,"invocationLatency":9,"firstByteLatency":3}}"""),
    ];

    /// <summary>A chat stream that tells its usage, as asked for.</summary>
    public const string Chat = """
        data: {"id":"c","object":"chat.completion.chunk","model":"openai.gpt-oss-20b","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":"stop"}]}

        data: {"id":"c","object":"chat.completion.chunk","model":"openai.gpt-oss-20b","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":5,"total_tokens":25}}

        data: [DONE]


        """;

    public static async Task WriteAsync(HttpContext context, string target, byte[] body)
    {
        var response = context.Response;
        response.ContentType = target.Contains("stream", StringComparison.Ordinal) ? "application/vnd.amazon.eventstream"
            : target.EndsWith("/chat/completions", StringComparison.Ordinal) ? "text/event-stream" : "application/json";
        var operation = target[(target.LastIndexOf('/') + 1)..];
        if (operation.StartsWith("invoke", StringComparison.Ordinal))
        {
            response.Headers["x-amzn-bedrock-content-type"] = "application/json";
        }
        await response.Body.WriteAsync(operation switch
        {
            "converse-stream" => ConverseStream,
            "invoke-with-response-stream" => InvokeStream,
            "invoke" => Encoding.UTF8.GetBytes(Invoke),
            "completions" => Encoding.UTF8.GetBytes(body.AsSpan().IndexOf("include_usage"u8) >= 0 ? Chat : ""),
            _ => Encoding.UTF8.GetBytes(Converse),
        });
    }
}
