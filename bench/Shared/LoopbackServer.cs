using System.Net;
using System.Net.Sockets;

namespace EdgeGw.Bench;

/// <summary>A provider on loopback, from blocking threads without allocating. What a call looks like and how it is answered is the benchmark's.</summary>
internal abstract class LoopbackServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public void Dispose() => _listener.Dispose();

    /// <summary>For the constructor's end: calls are answered from now on.</summary>
    protected void Start()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    protected abstract bool IsWhole(ReadOnlySpan<byte> call);

    protected abstract void Answer(Socket socket);

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
                if (IsWhole(buffer.AsSpan(0, filled)))
                {
                    filled = 0;
                    Answer(socket);
                }
            }
        }
        catch (SocketException)
        {
            // The other side dropped the connection.
        }
    }
}
