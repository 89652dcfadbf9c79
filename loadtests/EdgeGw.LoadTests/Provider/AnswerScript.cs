using System.Text;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Provider;

/// <summary>The pieces of one answer in their order, each with the moment before which it must not be sent.</summary>
internal struct AnswerScript
{
    private readonly Order _order;
    private readonly byte[]? _whole;
    private readonly long _start;
    private int _next;

    private AnswerScript(Order order, int variant, byte[]? whole)
    {
        _order = order;
        Variant = variant;
        _whole = whole;
        _start = Clock.Now + Clock.Milliseconds(order.DelayMilliseconds);
    }

    /// <summary>Of <see cref="Answers"/>; negative when it is no answer that counts.</summary>
    public int Variant { get; }

    public readonly bool IsDone => _next == (_order.Chunks == 0 ? 1 : Answers.EventsOf(_order.Chunks));

    /// <summary>The next piece's moment. Chunks keep their pace from the start, so that one that is late does not delay the others.</summary>
    public readonly long Due => _start + Math.Min(_next, Math.Max(0, _order.Chunks - 1)) * Clock.Milliseconds(_order.PaceMilliseconds);

    /// <param name="variant">Used when it is an answer that counts.</param>
    public static AnswerScript For(RequestReader request, int variant, ProviderCounts counts)
    {
        if (request.AsksForCounts)
        {
            var text = counts.ToString();
            return new AnswerScript(default, -1, Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {text.Length}\r\n\r\n{text}"));
        }
        if (request.Order is { } order)
        {
            counts.Began();
            return new AnswerScript(order, variant, order.Chunks == 0 ? Answers.UnaryAnswer(variant) : null);
        }
        counts.Refused();
        return new AnswerScript(default, -1, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
    }

    public byte[] Next()
    {
        var piece = _next++;
        return _whole ?? (piece == 0 ? Answers.HeadWithContent
            : piece < _order.Chunks ? Answers.Content
            : piece == _order.Chunks ? Answers.UsageEvent(Variant)
            : Answers.Done);
    }
}
