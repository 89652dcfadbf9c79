using System.Text;
using EdgeGw.Metering;

namespace EdgeGw.Bench.Native;

/// <summary>A long token stream as a provider sends it: thousands of small events, then the usage.</summary>
internal sealed record SampleStream(string Name, Dialect Dialect, string Provider, byte[][] Events)
{
    private const int Count = 8000;

    private static readonly string[] Words = [" the", " answer", " to", " a", " question", ",", " which", " nobody", " asked\\n", " so far", ".", " Grüße", " \\\"quoted\\\""];

    public static IReadOnlyList<SampleStream> All { get; } =
    [
        Of("openai chat", Dialect.ChatCompletions, "openai", static (i, word) =>
            $$"""data: {"id":"chatcmpl-BzQ7v3f9mVXk2T","object":"chat.completion.chunk","created":1755000000,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_560af6e559","choices":[{"index":0,"delta":{"content":"{{word}}"},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"{{"aB3dE9xQ2".AsSpan(0, 1 + (i % 8))}}"}""",
            """data: {"id":"chatcmpl-BzQ7v3f9mVXk2T","object":"chat.completion.chunk","created":1755000000,"model":"gpt-4o-mini-2024-07-18","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30}}"""),
        Of("openai responses", Dialect.Responses, "openai", static (i, word) =>
            $$"""event: response.output_text.delta{{"\n"}}data: {"type":"response.output_text.delta","sequence_number":{{i + 4}},"item_id":"msg_68a1f3","output_index":0,"content_index":0,"delta":"{{word}}","logprobs":[],"obfuscation":"{{"aB3dE9xQ2".AsSpan(0, 1 + (i % 8))}}"}""",
            """event: response.completed{{"\n"}}data: {"type":"response.completed","response":{"id":"resp_1","status":"completed","model":"gpt-4o","usage":{"input_tokens":10,"output_tokens":20,"total_tokens":30}}}""".Replace("{{\"\\n\"}}", "\n", StringComparison.Ordinal)),
        Of("anthropic messages", Dialect.Messages, "anthropic", static (_, word) =>
            $$$"""event: content_block_delta{{{"\n"}}}data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{word}}}"}       }""",
            """event: message_delta{{"\n"}}data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":10,"output_tokens":20}}""".Replace("{{\"\\n\"}}", "\n", StringComparison.Ordinal)),
        Of("gemini", Dialect.Gemini, "gemini", static (i, word) =>
            $$$"""data: {"candidates":[{"content":{"parts":[{"text":"{{{word}}}"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":{{{i + 1}}},"totalTokenCount":{{{i + 11}}},"promptTokensDetails":[{"modality":"TEXT","tokenCount":10}]},"modelVersion":"gemini-2.5-flash","responseId":"r1"}""",
            """data: {"candidates":[{"content":{"parts":[{"text":"."}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":20,"totalTokenCount":30},"modelVersion":"gemini-2.5-flash","responseId":"r1"}""", "\r\n"),
    ];

    public byte[] Whole { get; } = [.. Events.SelectMany(static e => e)];

    private static SampleStream Of(string name, Dialect dialect, string provider, Func<int, string, string> @event, string last, string lineEnd = "\n") => new(
        name, dialect, provider,
        [
            .. Enumerable.Range(0, Count).Select(i => @event(i, Words[i * 7 % Words.Length])).Append(last)
                .Select(text => Encoding.UTF8.GetBytes(text.Replace("\n", lineEnd, StringComparison.Ordinal) + lineEnd + lineEnd)),
        ]);
}
