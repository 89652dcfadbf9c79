using System.Net.Sockets;

namespace EdgeGw.LoadTests.Net;

/// <summary>A connection served by a <see cref="Reactor"/>, never blocking it. A failure of the connection ends in <see cref="OnFailed"/>.</summary>
internal abstract class ReactorSocket
{
    private readonly Socket _socket;
    private bool _reads = true;
    private bool _writes;

    protected ReactorSocket(Reactor reactor, Socket socket)
    {
        Reactor = reactor;
        _socket = socket;
        socket.Blocking = false;
    }

    /// <summary>The reactor's name for it.</summary>
    public long Token { get; set; }

    public bool IsClosed { get; private set; }

    protected Reactor Reactor { get; }

    /// <summary>Begins to be served; its handlers may run from here on, on the reactor's thread.</summary>
    public void Register() => Reactor.Add(this, _socket);

    /// <param name="due">The moment whose timer has fired; 0: none, the socket is ready.</param>
    public void Handle(bool readable, bool writable, long due = 0)
    {
        try
        {
            if (due > 0)
            {
                OnDue(due);
            }
            if (writable && !IsClosed)
            {
                OnWritable();
            }
            if (readable && !IsClosed)
            {
                OnReadable();
            }
        }
        catch (Exception fault) when (fault is SocketException or InvalidDataException)
        {
            Close();
            OnFailed(fault.Message);
        }
    }

    public void Close()
    {
        if (!IsClosed)
        {
            IsClosed = true;
            Reactor.Remove(this);
            _socket.Dispose();
        }
    }

    protected abstract void OnReadable();

    protected abstract void OnWritable();

    protected abstract void OnDue(long due);

    protected abstract void OnFailed(string fault);

    /// <returns>Bytes taken; 0 at the connection's end; negative when there is nothing now.</returns>
    /// <exception cref="SocketException">The connection failed.</exception>
    protected int Receive(Span<byte> to)
    {
        var count = _socket.Receive(to, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => count,
            SocketError.WouldBlock => -1,
            _ => throw new SocketException((int)error),
        };
    }

    /// <returns>Bytes that found room now.</returns>
    /// <exception cref="SocketException">The connection failed.</exception>
    protected int Send(ReadOnlySpan<byte> from)
    {
        var count = _socket.Send(from, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => count,
            SocketError.WouldBlock => 0,
            _ => throw new SocketException((int)error),
        };
    }

    /// <summary>Which readiness is told; a system call only when it changes.</summary>
    protected void Watch(bool reads, bool writes)
    {
        if (reads != _reads || writes != _writes)
        {
            (_reads, _writes) = (reads, writes);
            Reactor.Watch(this, _socket, reads, writes);
        }
    }
}
