using System.Collections;
using System.Text;

namespace EdgeGw.Upstream.Http1;

/// <summary>The header fields of a connection's answers, one head after the other. What stands where it stood last time is not made anew.</summary>
internal sealed class HeaderFields : IReadOnlyList<KeyValuePair<string, string>>
{
    private KeyValuePair<string, string>[] _fields = new KeyValuePair<string, string>[16];

    public int Count { get; private set; }

    public KeyValuePair<string, string> this[int index] =>
        index < Count ? _fields[index] : throw new ArgumentOutOfRangeException(nameof(index));

    public ReadOnlySpan<KeyValuePair<string, string>> Span => _fields.AsSpan(0, Count);

    /// <summary>Another head begins.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds the field that stood at this place in the last head.</summary>
    public ref readonly KeyValuePair<string, string> AddAgain() => ref _fields[Count++];

    /// <summary>Adds a field by its Latin-1 bytes.</summary>
    public ref readonly KeyValuePair<string, string> Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Count == _fields.Length)
        {
            Array.Resize(ref _fields, 2 * Count);
        }
        ref var field = ref _fields[Count++];
        field = new(Text(name, field.Key), Text(value, field.Value));
        return ref field;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _fields.Take(Count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string Text(ReadOnlySpan<byte> bytes, string? before) =>
        before is not null && Ascii.Equals(bytes, before) ? before : KnownHeaders.Text(bytes);
}
