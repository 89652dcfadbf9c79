using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeGw.Bench.Native;

/// <summary>Sends one call after the other on a connection and waits for each answer, without allocating.</summary>
internal sealed class SampleCaller : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request;
    private readonly byte[] _answer = new byte[16 * 1024];

    public SampleCaller(int port, string secret)
    {
        var body = $$"""{"model":"openai/lab-model","messages":[{"role":"user","content":"{{new string('x', 1024)}}"}],"max_tokens":200}""";
        _request = Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {secret}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        _socket.Connect(IPAddress.Loopback, port);
    }

    public void Call()
    {
        _socket.Send(_request);
        var filled = 0;
        // The provider's JSON ends with these braces, and nothing before it does.
        while (!_answer.AsSpan(0, filled).EndsWith("}}"u8))
        {
            var received = _socket.Receive(_answer, filled, _answer.Length - filled, SocketFlags.None);
            filled += received > 0 ? received : throw new InvalidOperationException("the gateway closed the connection");
        }
        if (!_answer.AsSpan().StartsWith("HTTP/1.1 200 "u8))
        {
            throw new InvalidOperationException(Encoding.ASCII.GetString(_answer, 0, filled));
        }
    }

    public void Dispose() => _socket.Dispose();
}
