using System.Buffers;
using System.Runtime.CompilerServices;

namespace EdgeGw.Upstream.Http1;

/// <summary>One request on one connection, up to the answer's head.</summary>
internal sealed class Http1Exchange(Http1Connection connection, Http1Clock clock, UpstreamRequest request, long totalDeadline, bool reused)
{
    private const int MaxHeadBytes = 64 * 1024;
    private const int MaxInterimAnswers = 8;

    /// <summary>A request up to this size leaves in one write.</summary>
    private const int OneWrite = 32 * 1024;

    private readonly long _started = clock.Now;
    private CancellationTokenSource? _stopSending;
    private Exception? _sendFailure;
    private string? _detail;
    private bool _sent;
    private bool _received;

    /// <summary>Some of the request may have reached the provider.</summary>
    public bool RequestSent => _sent;

    /// <summary>The provider had most likely closed this kept connection before the request came: nothing was answered, and at once.</summary>
    public bool WasStale { get; private set; }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamResult> RunAsync(CancellationToken cancellation)
    {
        var firstByteDeadline = _started + clock.FirstByte;
        var wait = connection.BeginWait(
            Math.Min(firstByteDeadline, totalDeadline), firstByteDeadline < totalDeadline ? UpstreamError.FirstByteTimeout : UpstreamError.TotalTimeout, cancellation);
        var sending = SendAsync();
        var upload = sending.IsCompletedSuccessfully ? null : sending.AsTask();
        var complete = upload is null && sending.Result;
        // The answer may come before the upload is over (401, 413): both run at once.
        var (head, error) = await ReadHeadAsync();
        if (upload is not null && head is not null)
        {
            complete = await EndUploadAsync(upload, head);
        }
        var interruption = connection.EndWait(wait);
        if (head is null)
        {
            connection.Close();
            _ = upload is not null && await upload;
        }
        _stopSending?.Dispose();
        if (interruption != UpstreamError.None)
        {
            (head, error) = (null, interruption);
        }
        if (head is null)
        {
            WasStale = reused && !_received && error == UpstreamError.Reset && clock.Now - _started < clock.StaleWindow;
            connection.Close();
            return new(null, error, _sent, _detail);
        }
        return new(new Http1Response(connection, head, clock, totalDeadline, complete && head.KeepAlive), UpstreamError.None, true);
    }

    /// <summary>Head and body in as few writes as can be.</summary>
    /// <returns>Whether all of it was sent. A failure is not the end: the answer may be there already.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> SendAsync()
    {
        var bodyLength = request.BodyLength;
        var headLength = RequestHeadWriter.MaxLength(request, connection.Pool.HostField);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(headLength + bodyLength, Math.Max(OneWrite, headLength)));
        var cancellation = CancellationToken.None;
        if (headLength + bodyLength > OneWrite)
        {
            _stopSending = new CancellationTokenSource();
            cancellation = _stopSending.Token;
        }
        try
        {
            var filled = RequestHeadWriter.Write(request, connection.Pool.HostField, bodyLength, buffer);
            var (piece, offset) = Gather(buffer, ref filled);
            var first = connection.SendAsync(buffer.AsMemory(0, filled), cancellation);
            // A plain socket that refuses the first write at once has taken nothing of it.
            _sent = connection.IsTls || !first.IsFaulted;
            await first;
            for (; piece < request.Body.Count; piece++, offset = 0)
            {
                if (request.Body[piece].Length > offset)
                {
                    await connection.SendAsync(request.Body[piece][offset..], cancellation);
                }
            }
            // Only after success: an array that a failed write may still hold is left to the collector.
            ArrayPool<byte>.Shared.Return(buffer);
            return true;
        }
        catch (Exception e) when (Http1Connection.IsTransportFailure(e))
        {
            _sendFailure = e;
            return false;
        }
    }

    /// <summary>Fills the buffer behind the head with what fits of the body.</summary>
    /// <returns>Where the rest begins: piece and offset in it.</returns>
    private (int Piece, int Offset) Gather(byte[] buffer, ref int filled)
    {
        for (var i = 0; i < request.Body.Count; i++)
        {
            var piece = request.Body[i].Span;
            var length = Math.Min(piece.Length, buffer.Length - filled);
            piece[..length].CopyTo(buffer.AsSpan(filled));
            filled += length;
            if (length < piece.Length)
            {
                return (i, length);
            }
        }
        return (request.Body.Count, 0);
    }

    /// <summary>Lets the upload finish when the answer is a success; stops it when the provider has refused.</summary>
    private async ValueTask<bool> EndUploadAsync(Task<bool> upload, ResponseHead head)
    {
        if (head.Status >= 300 && !upload.IsCompleted)
        {
            await (_stopSending?.CancelAsync() ?? Task.CompletedTask);
        }
        // Also when stopped: the caller's body must not be touched after this returns.
        return await upload;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(ResponseHead? Head, UpstreamError Error)> ReadHeadAsync()
    {
        var scanner = new HeadScanner();
        var interim = 0;
        while (true)
        {
            var length = scanner.Scan(connection.Buffered);
            if (length > MaxHeadBytes || (length == 0 && connection.Buffered.Length >= MaxHeadBytes))
            {
                _detail = "the answer's head is too large";
                return (null, UpstreamError.HeadTooLarge);
            }
            if (length != 0)
            {
                var (head, fault) = Take(length);
                if (fault is not null)
                {
                    _detail = fault;
                    return (null, UpstreamError.Protocol);
                }
                if (head is not null)
                {
                    return (head, UpstreamError.None);
                }
                if (++interim > MaxInterimAnswers)
                {
                    _detail = "too many interim answers";
                    return (null, UpstreamError.Protocol);
                }
                scanner = default;
                continue;
            }
            if (!await ReceiveAsync())
            {
                return (null, UpstreamError.Reset);
            }
        }
    }

    /// <summary>Parses a head that is all there; null without a fault: an interim answer, to be passed over.</summary>
    private (ResponseHead? Head, string? Fault) Take(int length)
    {
        if (length < 0)
        {
            return (null, "the answer is not HTTP/1.1");
        }
        var head = connection.Head;
        var fault = ResponseHeadParser.Parse(connection.Buffered[..length], request.Method == "HEAD", head);
        connection.Consume(length);
        return head.Status switch
        {
            _ when fault is not null => (null, fault),
            101 => (null, "the provider switched protocols unasked"),
            < 200 => (null, null),
            _ => (head, null),
        };
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReceiveAsync()
    {
        try
        {
            connection.MakeRoom(MaxHeadBytes);
            var receiving = connection.ReceiveAsync();
            var waits = !receiving.IsCompleted;
            var received = await receiving;
            if (waits)
            {
                connection.EventThread = Environment.CurrentManagedThreadId;
            }
            connection.Received(received);
            _received |= received > 0;
            if (received == 0)
            {
                _detail = _sendFailure?.Message ?? "the provider closed the connection without an answer";
            }
            return received > 0;
        }
        catch (Exception e) when (Http1Connection.IsTransportFailure(e))
        {
            _detail = (_sendFailure ?? e).Message;
            return false;
        }
    }
}
