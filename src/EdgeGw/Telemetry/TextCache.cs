using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeGw.Telemetry;

/// <summary>Texts and maps that were decoded lately, so that the names which nearly all records share are made and kept once. Not thread-safe.</summary>
/// <remarks>Each place holds the latest of all that hash to it: nothing grows, and names that never return push out few.</remarks>
internal sealed class TextCache
{
    private const int Places = 4096;

    private readonly string?[] _texts = new string?[Places];
    private readonly (byte[] Encoded, IReadOnlyDictionary<string, string> Map)[] _maps = new (byte[], IReadOnlyDictionary<string, string>)[Places];

    internal string Text(ReadOnlySpan<byte> utf8)
    {
        ref var known = ref _texts[PlaceOf(utf8)];
        // Others than ASCII are decoded each time.
        return known is not null && Ascii.Equals(utf8, known) ? known : known = Encoding.UTF8.GetString(utf8);
    }

    /// <summary>The map that these bytes were decoded to; null when that was not lately.</summary>
    internal IReadOnlyDictionary<string, string>? Map(ReadOnlySpan<byte> encoded)
    {
        ref readonly var known = ref _maps[PlaceOf(encoded)];
        return known.Map is not null && encoded.SequenceEqual(known.Encoded) ? known.Map : null;
    }

    internal void Keep(ReadOnlySpan<byte> encoded, IReadOnlyDictionary<string, string> map) => _maps[PlaceOf(encoded)] = (encoded.ToArray(), map);

    private static int PlaceOf(ReadOnlySpan<byte> bytes)
    {
        var hash = (uint)bytes.Length;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            hash = BitOperations.Crc32C(hash, word);
        }
        foreach (var single in bytes[(bytes.Length & ~7)..])
        {
            hash = BitOperations.Crc32C(hash, single);
        }
        return (int)(hash % Places);
    }
}
