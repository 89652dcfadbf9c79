using System.Globalization;
using System.Text;

namespace EdgeGw.LoadTests.Provider;

/// <summary>The fake provider's answers, made once. They differ in their token counts, so that a lost or doubled record cannot hide in a sum; not in length.</summary>
internal static class Answers
{
    public const string Model = "lab-model";
    public const int Variants = 8;
    private const int UnaryBytes = 1024;

    private static readonly byte[][] Unary = [.. Enumerable.Range(0, Variants).Select(MakeUnary)];
    private static readonly byte[][] UsageEvents = [.. Enumerable.Range(0, Variants).Select(MakeUsageEvent)];
    private static readonly byte[] StreamHead = Encoding.ASCII.GetBytes(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n");
    private static readonly byte[] ContentEvent = Frame(EventOf("""[{"index":0,"delta":{"content":" measured"},"logprobs":null,"finish_reason":null}]""", "null"));
    private static readonly byte[] DoneEvent = Encoding.ASCII.GetBytes("e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n");

    /// <summary>Bytes of an unstreamed answer's body.</summary>
    public static int UnaryLength => UnaryBytes;

    public static (long Input, long Output) TokensOf(int variant) => (900 + 13 * variant, 100 + 7 * variant);

    /// <summary>Head and body of an unstreamed answer.</summary>
    public static byte[] UnaryAnswer(int variant) => Unary[variant];

    /// <summary>The head and the first content chunk of a stream, in one piece as servers send them.</summary>
    public static byte[] HeadWithContent { get; } = [.. StreamHead, .. ContentEvent];

    /// <summary>One content chunk, framed.</summary>
    public static byte[] Content => ContentEvent;

    public static byte[] UsageEvent(int variant) => UsageEvents[variant];

    /// <summary>The last event and the end of the body.</summary>
    public static byte[] Done => DoneEvent;

    /// <summary>Events of a whole stream: content, usage, end mark.</summary>
    public static int EventsOf(int chunks) => chunks + 2;

    /// <summary>Bytes of a whole stream without its framing.</summary>
    public static int StreamLength(int chunks) => chunks * Payload(ContentEvent) + Payload(UsageEvents[0]) + "data: [DONE]\n\n".Length;

    private static byte[] MakeUnary(int variant)
    {
        var front = $$"""{"id":"chatcmpl-lab","object":"chat.completion","created":1760000000,"model":"{{Model}}","choices":[{"index":0,"message":{"role":"assistant","content":""" + "\"";
        var back = "\"" + $$"""},"logprobs":null,"finish_reason":"stop"}],"usage":{{UsageOf(variant)}},"service_tier":"default","system_fingerprint":"fp_lab"}""";
        var content = new StringBuilder();
        while (content.Length + front.Length + back.Length < UnaryBytes)
        {
            content.Append("All values are measured, none is guessed. ");
        }
        content.Length = UnaryBytes - front.Length - back.Length;
        var body = front + content + back;
        return Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    private static byte[] MakeUsageEvent(int variant) => Frame(EventOf("[]", UsageOf(variant)));

    /// <summary>Padded to one length for all variants.</summary>
    private static string UsageOf(int variant)
    {
        var (input, output) = TokensOf(variant);
        return string.Create(CultureInfo.InvariantCulture, $$"""{"prompt_tokens":{{input,5}},"completion_tokens":{{output,5}},"total_tokens":{{input + output,5}}}""");
    }

    private static string EventOf(string choices, string usage) =>
        $$"""data: {"id":"chatcmpl-lab","object":"chat.completion.chunk","created":1760000000,"model":"{{Model}}","system_fingerprint":"fp_lab","choices":{{choices}},"usage":{{usage}}}""" + "\n\n";

    private static byte[] Frame(string text) => Encoding.ASCII.GetBytes($"{text.Length:x}\r\n{text}\r\n");

    private static int Payload(byte[] framed) => framed.Length - framed.AsSpan().IndexOf((byte)'\n') - 1 - 2;
}
