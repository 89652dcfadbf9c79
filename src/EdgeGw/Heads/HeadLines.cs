using System.Buffers;
using System.Text;

namespace EdgeGw.Heads;

/// <summary>Header lines of the next answer on an HTTP/1.1 connection, as they leave. <see cref="HeadInserter"/> puts them into the head that the server writes.</summary>
/// <remarks>
/// The server keeps headers that it does not know in a dictionary, checks, interns and writes each: a thousand instructions for one, and an answer of ours has about sixteen.
/// Whoever adds a line has made sure that nothing in it can end it (<see cref="AnswerHead"/>).
/// </remarks>
internal sealed class HeadLines
{
    private const int FirstSize = 1024;

    /// <summary>The longest of our numbers, durations and ids.</summary>
    private const int ValueSize = 64;

    private byte[]? _bytes;
    private int _length;

    public bool IsEmpty => _length == 0;

    /// <summary>Whole lines, each with its end.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Add(HeaderName name, string value)
    {
        var line = Room(name.LineStart.Length + value.Length);
        name.LineStart.CopyTo(line);
        End(line, name.LineStart.Length + Encoding.ASCII.GetBytes(value, line[name.LineStart.Length..]));
    }

    public void Add<T>(HeaderName name, T value)
        where T : struct, IUtf8SpanFormattable
    {
        var line = Room(name.LineStart.Length + ValueSize);
        name.LineStart.CopyTo(line);
        if (!value.TryFormat(line[name.LineStart.Length..], out var length, default, null))
        {
            throw new ArgumentException($"The value of {name} is longer than {ValueSize} bytes.", nameof(value));
        }
        End(line, name.LineStart.Length + length);
    }

    public void Add(string name, string value)
    {
        var line = Room(name.Length + 2 + value.Length);
        var length = Encoding.ASCII.GetBytes(name, line);
        line[length] = (byte)':';
        line[length + 1] = (byte)' ';
        length += 2;
        End(line, length + Encoding.ASCII.GetBytes(value, line[length..]));
    }

    /// <summary>None: they have left, or the answer is another one now.</summary>
    public void Clear()
    {
        _length = 0;
        if (_bytes is { } bytes)
        {
            // A connection mostly waits, and thousands may.
            _bytes = null;
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Room for a line of this length and its end.</summary>
    private Span<byte> Room(int length)
    {
        var needed = _length + length + 2;
        if (_bytes is null)
        {
            _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(FirstSize, needed));
        }
        else if (needed > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _bytes.Length * 2));
            Bytes.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
        return _bytes.AsSpan(_length);
    }

    private void End(Span<byte> line, int length)
    {
        line[length] = (byte)'\r';
        line[length + 1] = (byte)'\n';
        _length += length + 2;
    }
}
