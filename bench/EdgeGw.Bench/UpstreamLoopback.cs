using System.Net.Sockets;
using System.Text;

namespace EdgeGw.Bench;

/// <summary>A provider that answers every request, each with a body of 2048 bytes, with the same bytes.</summary>
internal sealed class UpstreamLoopback : LoopbackServer
{
    private const string Fields = "Date: Sat, 01 Aug 2026 10:00:00 GMT\r\nx-request-id: req_0123456789\r\nopenai-processing-ms: 12\r\nx-ratelimit-remaining-tokens: 149984\r\n";

    private readonly byte[] _first;
    private readonly byte[] _chunk = Encoding.ASCII.GetBytes("40\r\n" + new string('d', 64) + "\r\n");
    private readonly int _chunks;

    public UpstreamLoopback(int chunks)
    {
        _chunks = chunks;
        _first = Encoding.ASCII.GetBytes(chunks == 0
            ? $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{Fields}Content-Length: 1024\r\n\r\n{new string('x', 1024)}"
            : $"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{Fields}Transfer-Encoding: chunked\r\n\r\n");
        Start();
    }

    public Uri Origin => new($"http://127.0.0.1:{Port}");

    protected override bool IsWhole(ReadOnlySpan<byte> call) => call.IndexOf("\r\n\r\n"u8) is >= 0 and var end && call.Length >= end + 4 + 2048;

    protected override void Answer(Socket socket)
    {
        socket.Send(_first);
        for (var i = 0; i < _chunks; i++)
        {
            socket.Send(_chunk);
        }
        if (_chunks > 0)
        {
            socket.Send("0\r\n\r\n"u8);
        }
    }
}
