using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Client;

/// <summary>One kept HTTP/1.1 connection with blocking calls: a send, then receives until the answer has ended. No allocation per request.</summary>
internal sealed class LabConnection : IClientConnection
{
    private readonly Stream _stream;
    private readonly AnswerReader _reader;

    /// <param name="tls">Null: plain text.</param>
    /// <param name="keepsText">For the lab's own control calls.</param>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public LabConnection(IPEndPoint to, SslClientAuthenticationOptions? tls = null, bool keepsText = false)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
        try
        {
            socket.Connect(to);
            _stream = new NetworkStream(socket, ownsSocket: true);
            if (tls is not null)
            {
                var secured = new SslStream(_stream);
                _stream = secured;
                secured.AuthenticateAsClient(tls);
            }
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        _reader = new AnswerReader(keepsText ? 256 * 1024 : 64 * 1024) { KeepsText = keepsText };
    }

    public Answer Exchange(LabRequest request, EventTimes? times) => Exchange(request.Wire, times);

    /// <summary>A GET; null when it is not answered with 200.</summary>
    public static string? Get(IPEndPoint from, string path, string headers = "")
    {
        try
        {
            using var connection = new LabConnection(from, keepsText: true);
            var answer = connection.Exchange(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {from}\r\n{headers}\r\n"), null);
            return answer.Status == 200 ? Encoding.UTF8.GetString(connection._reader.Text) : null;
        }
        catch (Exception fault) when (fault is SocketException or IOException or InvalidDataException)
        {
            return null;
        }
    }

    public void Dispose() => _stream.Dispose();

    private Answer Exchange(byte[] request, EventTimes? times)
    {
        var answer = new Answer { Sent = Clock.Now };
        _reader.Begin();
        _stream.Write(request);
        while (true)
        {
            var received = _stream.Read(_reader.Free);
            var now = Clock.Now;
            if (received == 0)
            {
                throw new InvalidDataException("the connection ended before the answer did");
            }
            var ended = _reader.Received(received);
            times?.Arrived(_reader.Events, now);
            if (ended)
            {
                answer.Ended = now;
                answer.Status = _reader.Status;
                answer.Bytes = _reader.Bytes;
                answer.Events = _reader.Events;
                return answer;
            }
        }
    }
}
