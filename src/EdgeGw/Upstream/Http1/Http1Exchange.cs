using System.Buffers;
using System.Runtime.CompilerServices;

namespace EdgeGw.Upstream.Http1;

/// <summary>One request on one connection, up to the answer's head.</summary>
/// <param name="started">The clock's timestamp.</param>
/// <param name="fallback">Opens another connection when this kept one turns out to be stale; null: it is new.</param>
/// <remarks>Sending and receiving that need no waiting take no state machine of their own: each costs a call as much as reading a head does.</remarks>
internal sealed class Http1Exchange(
    Http1Connection connection, Http1Clock clock, UpstreamRequest request, long started, long totalDeadline, Http1Transport? fallback)
{
    private const int MaxHeadBytes = 64 * 1024;
    private const int MaxInterimAnswers = 8;

    /// <summary>A request up to this size leaves in one write.</summary>
    private const int OneWrite = 32 * 1024;

    private CancellationTokenSource? _stopSending;
    private HeadScanner _scanner;
    private int _interim;
    private Exception? _sendFailure;
    private UpstreamError _error;
    private string? _detail;
    private bool _sent;
    private bool _received;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamResult> RunAsync(CancellationToken cancellation)
    {
        var firstByteDeadline = started + clock.FirstByte;
        var wait = connection.BeginWait(
            Math.Min(firstByteDeadline, totalDeadline), firstByteDeadline < totalDeadline ? UpstreamError.FirstByteTimeout : UpstreamError.TotalTimeout, cancellation);
        var sending = SendAsync();
        var upload = sending.IsCompletedSuccessfully ? null : sending.AsTask();
        var complete = upload is null && sending.Result;
        // The answer may come before the upload is over (401, 413): both run at once.
        ResponseHead? head;
        UpstreamError error;
        while (!TryTakeHead(out head, out error))
        {
            try
            {
                connection.MakeRoom(MaxHeadBytes);
                var receiving = connection.ReceiveAsync();
                var waits = !receiving.IsCompleted;
                Received(await receiving, waits);
            }
            catch (Exception e) when (Http1Connection.IsTransportFailure(e))
            {
                Fail(UpstreamError.Reset, (_sendFailure ?? e).Message);
            }
        }
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
        if (head is not null)
        {
            return new(new Http1Response(connection, head, clock, totalDeadline, complete && head.KeepAlive), UpstreamError.None, true);
        }
        connection.Close();
        // The provider had most likely closed this kept connection before the request came: nothing was answered, and at once.
        return fallback is not null && !_received && error == UpstreamError.Reset && clock.Now - started < clock.StaleWindow
            ? await fallback.SendOnNewConnectionAsync(connection.Pool, request, clock, totalDeadline, _sent, cancellation)
            : new(null, error, _sent, _detail);
    }

    /// <summary>Sends head and body in as few writes as can be.</summary>
    /// <returns>Whether all of it was sent. A failure is not the end: the answer may be there already.</returns>
    private ValueTask<bool> SendAsync()
    {
        var bodyLength = request.BodyLength;
        var headLength = request.Head.Bytes.Length + RequestHeadRules.LongestEnd;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(headLength + bodyLength, Math.Max(OneWrite, headLength)));
        var cancellation = CancellationToken.None;
        if (headLength + bodyLength > OneWrite)
        {
            _stopSending = new CancellationTokenSource();
            cancellation = _stopSending.Token;
        }
        request.Head.Bytes.CopyTo(buffer);
        var filled = request.Head.Bytes.Length;
        filled += RequestHeadRules.WriteEnd(request.Method, bodyLength, buffer.AsSpan(filled));
        var (piece, offset) = Gather(buffer, ref filled);
        try
        {
            var first = connection.SendAsync(buffer.AsMemory(0, filled), cancellation);
            // A plain socket that refuses the first write at once has taken nothing of it.
            _sent = connection.IsTls || !first.IsFaulted;
            if (!first.IsCompletedSuccessfully || piece < request.Body.Count)
            {
                return SendRestAsync(first, buffer, piece, offset, cancellation);
            }
            first.GetAwaiter().GetResult();
            ArrayPool<byte>.Shared.Return(buffer);
            return new(true);
        }
        catch (Exception e) when (Http1Connection.IsTransportFailure(e))
        {
            _sendFailure = e;
            return new(false);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> SendRestAsync(ValueTask first, byte[] buffer, int piece, int offset, CancellationToken cancellation)
    {
        try
        {
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

    /// <summary>Takes the final answer's head off what has been received; interim answers before it are passed over.</summary>
    /// <returns>False: more must be received. True without a head: there will be none.</returns>
    private bool TryTakeHead(out ResponseHead? head, out UpstreamError error)
    {
        head = null;
        while (_error == UpstreamError.None)
        {
            var buffered = connection.Buffered;
            var last = connection.Head.Last.Bytes;
            var length = !last.IsEmpty && buffered.StartsWith(last) ? last.Length : _scanner.Scan(buffered);
            if (length > MaxHeadBytes || (length == 0 && buffered.Length >= MaxHeadBytes))
            {
                Fail(UpstreamError.HeadTooLarge, "the answer's head is too large");
            }
            else if (length == 0)
            {
                error = UpstreamError.None;
                return false;
            }
            else if (Take(length) is { } fault)
            {
                Fail(UpstreamError.Protocol, fault);
            }
            else if (connection.Head.Status >= 200)
            {
                head = connection.Head;
                break;
            }
            _scanner = default;
        }
        error = _error;
        return true;
    }

    /// <summary>Parses a head that is all there.</summary>
    /// <returns>Why no answer can follow; null: it is one, or an interim answer.</returns>
    private string? Take(int length)
    {
        if (length < 0)
        {
            return "the answer is not HTTP/1.1";
        }
        var head = connection.Head;
        var fault = ResponseHeadParser.Parse(connection.Buffered[..length], request.Method == "HEAD", head);
        connection.Consume(length);
        return fault ?? (head.Status switch
        {
            101 => "the provider switched protocols unasked",
            < 200 when ++_interim > MaxInterimAnswers => "too many interim answers",
            _ => null,
        });
    }

    private void Received(int length, bool waited)
    {
        if (waited)
        {
            connection.EventThread = Environment.CurrentManagedThreadId;
        }
        connection.Received(length);
        _received |= length > 0;
        if (length == 0)
        {
            Fail(UpstreamError.Reset, _sendFailure?.Message ?? "the provider closed the connection without an answer");
        }
    }

    private void Fail(UpstreamError error, string detail) => (_error, _detail) = (error, detail);
}
