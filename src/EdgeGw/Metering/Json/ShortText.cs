using System.Runtime.CompilerServices;
using System.Text;

namespace EdgeGw.Metering.Json;

/// <summary>A name of at most 200 bytes, kept without allocating; the string is made once and reused while the name stays the same.</summary>
internal struct ShortText
{
    private const int Capacity = 200;

    private Buffer _bytes;
    private byte _length;
    /// <summary>How many bytes are of the latest text, also after it was cleared: <see cref="_string"/> is made of these.</summary>
    private byte _lastLength;
    private string? _string;

    public readonly bool IsEmpty => _length == 0;

    public void Clear() => _length = 0;

    /// <summary>Keeps <paramref name="value"/>, a JSON string's bytes; longer ones are cut.</summary>
    public void Set(ReadOnlySpan<byte> value)
    {
        Span<byte> bytes = _bytes;
        if (value.SequenceEqual(bytes[.._lastLength]))
        {
            _length = _lastLength;
            return;
        }
        var length = 0;
        var changed = false;
        for (var i = 0; i < value.Length && length < Capacity; i++)
        {
            // Some servers escape the slash of "maker/model".
            if (value[i] == '\\' && i + 1 < value.Length && value[i + 1] == '/')
            {
                continue;
            }
            changed |= bytes[length] != value[i];
            bytes[length++] = value[i];
        }
        if (changed || length != _lastLength)
        {
            _string = null;
        }
        _length = _lastLength = (byte)length;
    }

    public readonly bool Is(ReadOnlySpan<byte> value) => value.SequenceEqual(((ReadOnlySpan<byte>)_bytes)[.._length]);

    public readonly bool Is(in ShortText other) => other.Is(((ReadOnlySpan<byte>)_bytes)[.._length]);

    /// <summary>The text with control characters replaced, or null when there is none.</summary>
    public string? Get()
    {
        if (_length == 0)
        {
            return null;
        }
        ReadOnlySpan<byte> bytes = _bytes;
        return _string ??= string.Create(Encoding.UTF8.GetCharCount(bytes[.._length]), this, static (chars, text) =>
        {
            Encoding.UTF8.GetChars(((ReadOnlySpan<byte>)text._bytes)[..text._length], chars);
            foreach (ref var c in chars)
            {
                if (char.IsControl(c))
                {
                    c = '?';
                }
            }
        });
    }

    [InlineArray(Capacity)]
    private struct Buffer
    {
        private byte _first;
    }
}
