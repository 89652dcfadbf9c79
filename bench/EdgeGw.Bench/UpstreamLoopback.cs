using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeGw.Bench;

/// <summary>A provider on loopback that answers every request with the same bytes, from blocking threads without allocation.</summary>
internal sealed class UpstreamLoopback : IDisposable
{
    private const string Fields = "Date: Sat, 01 Aug 2026 10:00:00 GMT\r\nx-request-id: req_0123456789\r\nopenai-processing-ms: 12\r\nx-ratelimit-remaining-tokens: 149984\r\n";

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _first;
    private readonly byte[] _chunk = Encoding.ASCII.GetBytes("40\r\n" + new string('d', 64) + "\r\n");
    private readonly int _chunks;

    public UpstreamLoopback(int chunks)
    {
        _chunks = chunks;
        _first = Encoding.ASCII.GetBytes(chunks == 0
            ? $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{Fields}Content-Length: 1024\r\n\r\n{new string('x', 1024)}"
            : $"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{Fields}Transfer-Encoding: chunked\r\n\r\n");
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public Uri Origin => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");

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
                var read = socket.Receive(buffer, filled, buffer.Length - filled, SocketFlags.None);
                if (read == 0)
                {
                    return;
                }
                filled += read;
                var end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
                // Every request of the run has a body of 2048 bytes.
                if (end >= 0 && filled >= end + 4 + 2048)
                {
                    filled = 0;
                    Answer(socket);
                }
            }
        }
        catch (SocketException)
        {
            // The client dropped the connection.
        }
    }

    private void Answer(Socket socket)
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
