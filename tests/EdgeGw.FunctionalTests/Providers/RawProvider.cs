using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeGw.FunctionalTests.Providers;

/// <summary>A provider that breaks HTTP itself: what it sends is chosen byte by byte, after the request was read.</summary>
internal sealed class RawProvider : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly RawFault _fault;
    private readonly Task _accepting;
    private int _requests;

    public RawProvider(RawFault fault)
    {
        _fault = fault;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri BaseUrl => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public int Requests => Volatile.Read(ref _requests);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The listener was stopped, between two accepts (invalid operation) or in one.
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                if (!await ReadRequestAsync(socket))
                {
                    return;
                }
                Interlocked.Increment(ref _requests);
                await AnswerAsync(socket);
            }
            catch (Exception fault) when (fault is SocketException or OperationCanceledException)
            {
                // The gateway gave up on us, as it should.
            }
        }
    }

    /// <summary>Reads up to the end of the head and as much body as its Content-Length says.</summary>
    private async Task<bool> ReadRequestAsync(Socket socket)
    {
        var buffer = new byte[256 * 1024];
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), _stop.Token);
            if (read == 0)
            {
                return false;
            }
            length += read;
            var text = Encoding.ASCII.GetString(buffer, 0, length);
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0)
            {
                continue;
            }
            var field = text.Split("\r\n").FirstOrDefault(line => line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase));
            var body = field is null ? 0 : int.Parse(field[15..], System.Globalization.CultureInfo.InvariantCulture);
            if (length >= head + 4 + body)
            {
                return true;
            }
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        const string stream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
        switch (_fault)
        {
            case RawFault.CloseWithoutAnswer:
                return;
            case RawFault.ResetWithoutAnswer:
                socket.LingerState = new LingerOption(true, 0);
                return;
            case RawFault.ResetInTheHead:
                await SendAsync(socket, "HTTP/1.1 200 OK\r\nContent-Ty");
                socket.LingerState = new LingerOption(true, 0);
                return;
            case RawFault.NoHttp:
                var noise = new byte[5000];
                new Random(5).NextBytes(noise);
                await socket.SendAsync(noise, SocketFlags.None, _stop.Token);
                break;
            case RawFault.HugeHead:
                await SendAsync(socket, "HTTP/1.1 200 OK\r\n");
                var line = Encoding.ASCII.GetBytes("X-Filler: " + new string('a', 4000) + "\r\n");
                for (var i = 0; i < 5000; i++)
                {
                    await socket.SendAsync(line, SocketFlags.None, _stop.Token);
                }
                break;
            case RawFault.ShortBody:
                await SendAsync(socket, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"id\":\"cut");
                return;
            case RawFault.BadChunkSize:
                await SendAsync(socket, stream + "10\r\ndata: {\"a\":1}\n\n\r\nZZZ\r\nwhat\r\n");
                break;
            case RawFault.HugeChunkSize:
                await SendAsync(socket, stream + "FFFFFFFFFFFFFFFF\r\ndata");
                break;
            case RawFault.TwoLengths:
                await SendAsync(socket, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 40\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
                break;
        }
        // Stays open: a gateway that waits for more instead of judging what came would hang here.
        await Task.Delay(Timeout.Infinite, _stop.Token);
    }

    private async Task SendAsync(Socket socket, string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text), SocketFlags.None, _stop.Token);
}

/// <summary>How a <see cref="RawProvider"/> answers.</summary>
public enum RawFault
{
    CloseWithoutAnswer,
    ResetWithoutAnswer,
    ResetInTheHead,
    NoHttp,
    HugeHead,
    ShortBody,
    BadChunkSize,
    HugeChunkSize,
    TwoLengths,
}
