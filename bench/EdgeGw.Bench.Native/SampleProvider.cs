using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeGw.Bench.Native;

/// <summary>A provider on loopback that gives every call the same answer, from blocking threads without allocating.</summary>
internal sealed class SampleProvider : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _answer;

    public SampleProvider()
    {
        var body = $$$"""
            {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"lab-model","choices":[{"index":0,"message":{"role":"assistant","content":"{{{new string('y', 700)}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":945,"completion_tokens":124,"total_tokens":1069}}
            """;
        _answer = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nServer: sample/1.0\r\nDate: Sat, 01 Aug 2026 10:00:00 GMT\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: keep-alive\r\n\r\n{body}");
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.Accept();
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // The listener was disposed: the run is over.
        }
    }

    private void Serve(Socket socket)
    {
        using var owned = socket;
        socket.NoDelay = true;
        var buffer = new byte[16 * 1024];
        var filled = 0;
        try
        {
            while (true)
            {
                var received = socket.Receive(buffer, filled, buffer.Length - filled, SocketFlags.None);
                if (received == 0)
                {
                    return;
                }
                filled += received;
                // A call ends as SampleCaller ends it.
                if (buffer.AsSpan(0, filled).EndsWith("\"max_tokens\":200}"u8))
                {
                    filled = 0;
                    socket.Send(_answer);
                }
            }
        }
        catch (SocketException)
        {
            // The gateway dropped the connection.
        }
    }
}
