using System.Net.Sockets;
using System.Text;

namespace EdgeGw.Bench.Native;

/// <summary>A provider that gives every call of <see cref="SampleCaller"/> the same answer, with usage.</summary>
internal sealed class SampleProvider : LoopbackServer
{
    private readonly byte[] _answer;

    public SampleProvider()
    {
        var body = $$$"""
            {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"lab-model","choices":[{"index":0,"message":{"role":"assistant","content":"{{{new string('y', 700)}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":945,"completion_tokens":124,"total_tokens":1069}}
            """;
        _answer = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nServer: sample/1.0\r\nDate: Sat, 01 Aug 2026 10:00:00 GMT\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: keep-alive\r\n\r\n{body}");
        Start();
    }

    protected override bool IsWhole(ReadOnlySpan<byte> call) => call.EndsWith("\"max_tokens\":200}"u8);

    protected override void Answer(Socket socket) => socket.Send(_answer);
}
