using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace EdgeGw.Tests.Upstream;

/// <summary>A TCP server that sends exactly the bytes that a test says, connection by connection.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private readonly List<Task> _running = [];
    private readonly X509Certificate2? _certificate;
    private int _connections;

    /// <param name="script">Run for each connection; its number begins with 0.</param>
    public ScriptedServer(Func<Peer, int, Task> script, X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(script);
    }

    public int Connections => Volatile.Read(ref _connections);

    public int Port { get; }

    public Uri Origin => new($"{(_certificate is null ? "http" : "https")}://127.0.0.1:{Port}");

    /// <summary>Every connection: reads one request, sends these bytes, closes when told to.</summary>
    public static ScriptedServer Answering(string answer, bool close = false) => new(async (peer, _) =>
    {
        while (await peer.ReadRequestAsync() is not null)
        {
            await peer.SendAsync(answer);
            if (close)
            {
                return;
            }
        }
    });

    /// <summary>Refuses further connections; those open stay.</summary>
    public void StopListening() => _listener.Stop();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    private async Task AcceptAsync(Func<Peer, int, Task> script)
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                socket.NoDelay = true;
                _running.Add(RunAsync(socket, script, Interlocked.Increment(ref _connections) - 1));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The listener was stopped, between two accepts (invalid operation) or in one.
        }
    }

    private async Task RunAsync(Socket socket, Func<Peer, int, Task> script, int number)
    {
        using var stop = _stop.Token.Register(socket.Dispose);
        try
        {
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (_certificate is not null)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(_certificate);
                stream = tls;
            }
            await using (stream)
            {
                await script(new Peer(socket, stream), number).WaitAsync(_stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or System.Security.Authentication.AuthenticationException or OperationCanceledException)
        {
            // The other side left, or the test is over.
        }
    }

    /// <summary>The server's end of one connection.</summary>
    internal sealed class Peer(Socket socket, Stream stream)
    {
        private readonly byte[] _buffer = new byte[64 * 1024];
        private int _filled;

        /// <summary>Reads one request with its Content-Length body; null when the client closed.</summary>
        public async Task<string?> ReadRequestAsync()
        {
            var head = await ReadHeadAsync();
            if (head is null)
            {
                return null;
            }
            var length = head.Split("\r\n").FirstOrDefault(static l => l.StartsWith("Content-Length: ", StringComparison.Ordinal)) is { } line ? int.Parse(line[16..]) : 0;
            var body = new byte[length];
            var copied = Math.Min(length, _filled);
            _buffer.AsSpan(0, copied).CopyTo(body);
            _buffer.AsSpan(copied, _filled - copied).CopyTo(_buffer);
            _filled -= copied;
            await stream.ReadExactlyAsync(body.AsMemory(copied));
            return head + Encoding.UTF8.GetString(body);
        }

        /// <summary>Reads only as far as the end of the head (and what came with it); null when the client closed.</summary>
        public async Task<string?> ReadHeadAsync()
        {
            while (true)
            {
                var end = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8);
                if (end >= 0)
                {
                    var head = Encoding.UTF8.GetString(_buffer, 0, end + 4);
                    _buffer.AsSpan(end + 4, _filled - end - 4).CopyTo(_buffer);
                    _filled -= end + 4;
                    return head;
                }
                var read = await stream.ReadAsync(_buffer.AsMemory(_filled));
                if (read == 0)
                {
                    return null;
                }
                _filled += read;
            }
        }

        /// <summary>Reads so many bytes of a body.</summary>
        public async Task ReadExactlyAsync(int length)
        {
            length -= _filled;
            _filled = 0;
            while (length > 0)
            {
                var read = await stream.ReadAsync(_buffer.AsMemory(0, Math.Min(length, _buffer.Length)));
                length -= read > 0 ? read : throw new IOException("the client closed");
            }
        }

        public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

        public async Task SendAsync(byte[] bytes)
        {
            await stream.WriteAsync(bytes);
            await stream.FlushAsync();
        }

        /// <summary>Ends the connection with a reset instead of a clean close.</summary>
        public void Reset() => socket.Close(0);

        /// <summary>Completes when the client has closed or reset the connection.</summary>
        public async Task WaitForEndAsync()
        {
            try
            {
                while (await stream.ReadAsync(_buffer) > 0)
                {
                }
            }
            catch (IOException)
            {
                // A reset is an end too.
            }
        }
    }
}
