using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Provider;

/// <summary>One kept connection of the fake provider.</summary>
internal sealed class ProviderConnection(Socket socket, ProviderCounts counts)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _end;
    private int _sequence;

    public void Run()
    {
        Clock.SharpenThisThread();
        using (socket)
        {
            try
            {
                while (ReceiveRequest() is { } length)
                {
                    Answer(_buffer.AsSpan(0, length));
                    _buffer.AsSpan(length, _end - length).CopyTo(_buffer);
                    _end -= length;
                }
            }
            catch (SocketException)
            {
                // The other side dropped the connection. In the middle of an answer that was counted as broken.
            }
        }
    }

    /// <returns>The length of head and body; null at the end of the connection.</returns>
    private int? ReceiveRequest()
    {
        while (true)
        {
            var head = _buffer.AsSpan(0, _end).IndexOf("\r\n\r\n"u8);
            if (head >= 0 && head + 4 + BodyLength(_buffer.AsSpan(0, head)) is var whole && whole <= _end)
            {
                return whole;
            }
            var received = socket.Receive(_buffer.AsSpan(_end));
            if (received == 0)
            {
                return null;
            }
            _end += received;
        }
    }

    private static int BodyLength(ReadOnlySpan<byte> head)
    {
        while (head.IndexOf((byte)'\n') is >= 0 and var end)
        {
            head = head[(end + 1)..];
            if (Ascii.EqualsIgnoreCase(head[..Math.Min(15, head.Length)], "content-length:"u8))
            {
                return Utf8Parser.TryParse(head[15..].TrimStart((byte)' '), out int length, out _) ? length : 0;
            }
        }
        return 0;
    }

    private void Answer(ReadOnlySpan<byte> request)
    {
        if (request.StartsWith("GET /lab/counts "u8))
        {
            var text = $"{counts.Requests} {counts.Input} {counts.Output} {counts.Broken}";
            Send(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {text.Length}\r\n\r\n{text}"));
            return;
        }
        if (!Order.TryRead(request, out var order))
        {
            counts.Failed();
            Send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8);
            return;
        }
        var variant = _sequence++ % Answers.Variants;
        try
        {
            var start = Clock.Now + Clock.Milliseconds(order.DelayMilliseconds);
            Clock.WaitUntil(start);
            if (order.Chunks == 0)
            {
                Send(Answers.UnaryAnswer(variant));
            }
            else
            {
                Stream(order, variant, start);
            }
        }
        catch (SocketException)
        {
            counts.Failed();
            throw;
        }
        counts.Answered(variant);
    }

    private void Stream(Order order, int variant, long start)
    {
        var pace = Clock.Milliseconds(order.PaceMilliseconds);
        Span<byte> first = stackalloc byte[Answers.Head.Length + Answers.Content.Length];
        Answers.Head.CopyTo(first);
        Answers.Content.CopyTo(first[Answers.Head.Length..]);
        Send(first);
        for (var i = 1; i < order.Chunks; i++)
        {
            Clock.WaitUntil(start + i * pace);
            Send(Answers.Content);
        }
        Send(Answers.UsageEvent(variant));
        Send(Answers.Done);
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }
}
