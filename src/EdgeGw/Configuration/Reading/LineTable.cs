using System.Text;

namespace EdgeGw.Configuration.Reading;

/// <summary>Turns a byte offset into line and column.</summary>
internal readonly ref struct LineTable
{
    private readonly ReadOnlySpan<byte> _utf8;
    private readonly List<int> _starts;

    public LineTable(ReadOnlySpan<byte> utf8)
    {
        _utf8 = utf8;
        _starts = [0];
        for (var i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] == (byte)'\n')
            {
                _starts.Add(i + 1);
            }
        }
    }

    public ConfigPosition At(long offset)
    {
        var clamped = (int)Math.Clamp(offset, 0, _utf8.Length);
        var found = _starts.BinarySearch(clamped);
        var line = found >= 0 ? found : ~found - 1;
        var column = Encoding.UTF8.GetCharCount(_utf8[_starts[line]..clamped]);
        return new ConfigPosition(line + 1, column + 1);
    }

    /// <summary>From the reader's zero-based line and byte, as its exceptions carry them.</summary>
    public ConfigPosition At(long line, long byteInLine) =>
        line < _starts.Count ? At(_starts[(int)line] + byteInLine) : At(_utf8.Length);
}
