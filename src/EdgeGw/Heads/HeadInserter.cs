using System.IO.Pipelines;

namespace EdgeGw.Heads;

/// <summary>What the server writes to a connection, with <see cref="HeadLines"/> put behind the status line of the next head.</summary>
/// <remarks>
/// While there are lines, the server is lent memory with room for them in front of it. When it has written the head there, the status line moves to the front and the lines
/// between it and the rest: nothing behind moves, because the server goes on to write in the memory that it has.
/// </remarks>
internal sealed class HeadInserter(PipeWriter output, HeadLines lines) : PipeWriter
{
    /// <summary>The server's own part of a head mostly has less; of its status line it always has.</summary>
    private const int LeastRoom = 512;

    private Memory<byte> _lent;

    public override bool CanGetUnflushedBytes => output.CanGetUnflushedBytes;

    public override long UnflushedBytes => output.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (!lines.IsEmpty)
        {
            return Lend(sizeHint);
        }
        _lent = default;
        return output.GetMemory(sizeHint);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        if (!lines.IsEmpty)
        {
            return Lend(sizeHint).Span;
        }
        _lent = default;
        return output.GetSpan(sizeHint);
    }

    /// <exception cref="InvalidOperationException">What the server has written is no head.</exception>
    public override void Advance(int bytes)
    {
        if (bytes > 0 && !_lent.IsEmpty)
        {
            bytes += Insert(bytes);
        }
        output.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => output.FlushAsync(cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        lines.IsEmpty ? output.WriteAsync(source, cancellationToken) : base.WriteAsync(source, cancellationToken);

    public override void CancelPendingFlush() => output.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => output.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => output.CompleteAsync(exception);

    private Memory<byte> Lend(int sizeHint)
    {
        _lent = output.GetMemory(lines.Bytes.Length + Math.Max(sizeHint, LeastRoom));
        return _lent[lines.Bytes.Length..];
    }

    /// <returns>How many bytes stand there more than the server has written.</returns>
    private int Insert(int written)
    {
        var head = _lent.Span;
        var inserted = lines.Bytes;
        var statusLine = head.Slice(inserted.Length, written)[..(head.Slice(inserted.Length, written).IndexOf("\r\n"u8) + 2)];
        if (!statusLine.StartsWith("HTTP/1."u8))
        {
            throw new InvalidOperationException("The server began an answer with something other than a status line.");
        }
        statusLine.CopyTo(head);
        inserted.CopyTo(head[statusLine.Length..]);
        var length = inserted.Length;
        lines.Clear();
        _lent = default;
        return length;
    }
}
