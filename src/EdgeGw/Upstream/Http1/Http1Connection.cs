using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace EdgeGw.Upstream.Http1;

/// <summary>A socket with its receive buffer, and the deadline and cancellation of the one operation that waits on it.</summary>
/// <remarks>
/// Waiting is ended by closing the socket, whoever asks (deadline, token, <see cref="Close"/>): a request given up half way leaves
/// nothing on the connection worth keeping, and no linked token source or timer is needed for it.
/// </remarks>
internal sealed class Http1Connection
{
    /// <summary>Enough for what a stream sends at a time. It waits most of the time, and thousands may: what they hold for it decides what they take.</summary>
    private const int FirstSize = 2 * 1024;

    /// <summary>What a body that comes faster than it is read may have.</summary>
    private const int FullSize = 16 * 1024;

    private const long Unarmed = 0;
    private const long Fired = -1;

    private readonly Socket _socket;
    private readonly SslStream? _tls;
    private readonly Http1Pool _pool;
    private byte[] _buffer = new byte[FirstSize];
    private int _start;
    private int _end;
    private ValueTask<int> _probe;
    private bool _probing;
    private long _deadline;
    private UpstreamError _deadlineError;
    private int _cancelled;
    private int _closed;

    public Http1Connection(Socket socket, SslStream? tls, Http1Pool pool, long expiresAt)
    {
        _socket = socket;
        _tls = tls;
        _pool = pool;
        ExpiresAt = expiresAt;
        if (tls is null)
        {
            // Only what says so at once when it would have to wait may be called on a thread that serves others.
            socket.Blocking = false;
        }
    }

    public Http1Pool Pool => _pool;

    /// <summary>Timestamp after which this connection carries no further request.</summary>
    public long ExpiresAt { get; }

    /// <summary>Timestamp until which an unused connection is kept.</summary>

    public long IdleUntil { get; set; }

    public bool IsTls => _tls is not null;

    /// <summary>The thread that last brought an answer which had to be waited for: the one that waits for this socket's events. 0: not known yet.</summary>
    public int EventThread { get; set; }

    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>Of the answer under way; the next one overwrites it.</summary>
    public ResponseHead Head { get; } = new();

    /// <summary>Received bytes not yet used.</summary>
    public Span<byte> Buffered => _buffer.AsSpan(_start, _end - _start);

    public ReadOnlyMemory<byte> BufferedFront(int length) => _buffer.AsMemory(_start, length);

    public void Consume(int length) => _start += length;

    /// <summary>Closes with a reset, so that the provider stops working for nobody. Any thread, any number of times.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _pool.Forget(this);
            _socket.Close(0);
        }
    }

    /// <summary>Takes the connection out of use for a request; false when the provider hung up or sent something nobody asked for.</summary>
    public bool TryBeginReuse()
    {
        if (IsClosed)
        {
            return false;
        }
        try
        {
            if (_tls is null)
            {
                return !_socket.Poll(0, SelectMode.SelectRead);
            }
            // Bytes on a TLS socket may be a session ticket, so the stream itself is asked: an empty read completes only for data or the end.
            // It stays pending as the first wait of the answer.
#pragma warning disable CA2012 // consumed exactly once: by ReceiveAfterProbeAsync, or never when the connection is closed instead
            _probe = _tls.ReadAsync(Memory<byte>.Empty);
#pragma warning restore CA2012
            _probing = !_probe.IsCompleted;
            return _probing;
        }
        catch (Exception e) when (IsTransportFailure(e))
        {
            return false;
        }
    }

    /// <summary>Nothing of the last answer remains; ready for another request.</summary>
    public bool TryReset()
    {
        var clean = _start == _end && !_probing && !IsClosed;
        _start = _end = 0;
        if (_buffer.Length > FullSize)
        {
            _buffer = new byte[FirstSize];
        }
        return clean;
    }

    /// <summary>Sends all of it. Throws what the socket throws.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        _tls is null ? SendPlainAsync(bytes, cancellation) : _tls.WriteAsync(bytes, cancellation);

    /// <summary>Receives more behind what is buffered. The buffer must have room: <see cref="MakeRoom"/>.</summary>
    /// <returns>Bytes received; 0 at the provider's end of sending. Throws what the socket throws.</returns>
    public ValueTask<int> ReceiveAsync()
    {
        if (_probing)
        {
            return ReceiveAfterProbeAsync();
        }
        return _tls is null
            ? _socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, CancellationToken.None)
            : _tls.ReadAsync(_buffer.AsMemory(_end), CancellationToken.None);
    }

    /// <summary>Records what <see cref="ReceiveAsync"/> returned.</summary>
    public void Received(int length) => _end += length;

    /// <summary>Moves buffered bytes to the front, or enlarges the buffer up to <paramref name="limit"/>. An empty one that the last receive filled is enlarged too.</summary>
    /// <returns>False when it is full at that size.</returns>
    public bool MakeRoom(int limit)
    {
        if (_start == _end)
        {
            if (_end == _buffer.Length && _end < FullSize)
            {
                _buffer = new byte[_end * 2];
            }
            _start = _end = 0;
        }
        if (_end < _buffer.Length)
        {
            return true;
        }
        if (_start > 0)
        {
            Buffered.CopyTo(_buffer);
            _end -= _start;
            _start = 0;
            return true;
        }
        if (_buffer.Length >= limit)
        {
            return false;
        }
        Array.Resize(ref _buffer, Math.Min(limit, _buffer.Length * 2));
        return true;
    }

    /// <summary>Starts a wait: from now on the deadline and the token may close the connection.</summary>
    public CancellationTokenRegistration BeginWait(long deadline, UpstreamError error, CancellationToken cancellation)
    {
        _deadlineError = error;
        Volatile.Write(ref _deadline, deadline);
        return cancellation.UnsafeRegister(static s => ((Http1Connection)s!).Cancel(), this);
    }

    /// <summary>Ends a wait.</summary>
    /// <returns>Why the connection was closed meanwhile, if it was; then whatever the wait brought is void.</returns>
    public UpstreamError EndWait(CancellationTokenRegistration registration)
    {
        // Waits for a callback that is just running: afterwards this request's token can no longer touch the connection.
        registration.Dispose();
        if (Interlocked.Exchange(ref _deadline, Unarmed) == Fired)
        {
            return _deadlineError;
        }
        return Volatile.Read(ref _cancelled) != 0 || IsClosed ? UpstreamError.Cancelled : UpstreamError.None;
    }

    /// <summary>Marks the running wait as timed out when its deadline has passed; the caller then closes the connection.</summary>
    public bool TryExpire(long now)
    {
        var deadline = Volatile.Read(ref _deadline);
        return deadline > Unarmed && deadline <= now && Interlocked.CompareExchange(ref _deadline, Fired, deadline) == deadline;
    }

    /// <summary>What a socket or TLS stream throws when the connection fails or is closed under it.</summary>
    public static bool IsTransportFailure(Exception e) => e is SocketException or IOException or ObjectDisposedException or OperationCanceledException
        or System.Security.Authentication.AuthenticationException;

    private void Cancel()
    {
        Volatile.Write(ref _cancelled, 1);
        Close();
    }

    private ValueTask SendPlainAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        // Mostly there is room for all of it: half the price of a send that could wait.
        var sent = _socket.Send(bytes.Span, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success when sent == bytes.Length => ValueTask.CompletedTask,
            SocketError.Success => SendRestAsync(ValueTask.FromResult(sent), bytes, cancellation),
            SocketError.WouldBlock => SendRestAsync(_socket.SendAsync(bytes, SocketFlags.None, cancellation), bytes, cancellation),
            _ => ValueTask.FromException(new SocketException((int)error)),
        };
    }

    private async ValueTask SendRestAsync(ValueTask<int> sending, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (true)
        {
            bytes = bytes[await sending..];
            if (bytes.IsEmpty)
            {
                return;
            }
            sending = _socket.SendAsync(bytes, SocketFlags.None, cancellation);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReceiveAfterProbeAsync()
    {
        _probing = false;
        await _probe;
        return await _tls!.ReadAsync(_buffer.AsMemory(_end), CancellationToken.None);
    }
}
