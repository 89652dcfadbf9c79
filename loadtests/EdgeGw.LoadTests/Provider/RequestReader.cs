using System.Buffers.Text;
using System.Text;

namespace EdgeGw.LoadTests.Provider;

/// <summary>Reads requests of one connection, of any size: keeps the head and the order in the body's beginning, and only counts the rest.</summary>
internal sealed class RequestReader
{
    private const int KeptBytes = 8 * 1024;
    private const int SpareBytes = 256 * 1024;

    [ThreadStatic]
    private static byte[]? _spare;

    private readonly byte[] _kept = new byte[KeptBytes];
    private int _end;
    private long _left;

    /// <summary>What the request asks for; null: nothing that was understood.</summary>
    public Order? Order { get; private set; }

    /// <summary>The lab asks for its counts.</summary>
    public bool AsksForCounts { get; private set; }

    /// <summary>Where the next received bytes go.</summary>
    public Span<byte> Free => _left > 0 ? _spare ??= new byte[SpareBytes] : _kept.AsSpan(_end);

    /// <returns>True when the request is here in full; the next bytes belong to the next one.</returns>
    /// <exception cref="InvalidDataException">The request is not one that this lab sends.</exception>
    public bool Received(int count)
    {
        if (_left > 0)
        {
            _left -= count;
            return Whole();
        }
        _end += count;
        var head = _kept.AsSpan(0, _end).IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return _end < KeptBytes ? false : throw new InvalidDataException("a request's head is larger than the provider keeps");
        }
        var body = _kept.AsSpan(head + 4, _end - head - 4);
        var length = BodyLength(_kept.AsSpan(0, head));
        var found = Provider.Order.TryRead(body, out var order);
        if (!found && body.Length < length && _end < KeptBytes)
        {
            return false;
        }
        Order = found ? order : null;
        AsksForCounts = _kept.AsSpan().StartsWith("GET /lab/counts "u8);
        _left = length - body.Length;
        _end = 0;
        return Whole();
    }

    private bool Whole() => _left >= 0 ? _left == 0 : throw new InvalidDataException("bytes behind the request's end");

    private static long BodyLength(ReadOnlySpan<byte> head)
    {
        while (head.IndexOf((byte)'\n') is >= 0 and var end)
        {
            head = head[(end + 1)..];
            if (Ascii.EqualsIgnoreCase(head[..Math.Min(15, head.Length)], "content-length:"u8))
            {
                return Utf8Parser.TryParse(head[15..].TrimStart((byte)' '), out long length, out _) ? length : 0;
            }
        }
        return 0;
    }
}
