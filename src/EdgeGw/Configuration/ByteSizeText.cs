using System.Globalization;

namespace EdgeGw.Configuration;

/// <summary>Sizes in bytes as people write them: <c>64MiB</c>, <c>32KiB</c>, <c>10MB</c>, <c>4096</c>. Binary and decimal units mean what IEC and SI say.</summary>
public static class ByteSizeText
{
    private static readonly (string Name, long Bytes)[] Units =
    [
        ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("KB", 1_000), ("B", 1),
    ];

    public static bool TryParse(ReadOnlySpan<char> text, out long bytes)
    {
        bytes = 0;
        var unit = 1L;
        foreach (var (name, size) in Units)
        {
            if (text.EndsWith(name, StringComparison.Ordinal))
            {
                unit = size;
                text = text[..^name.Length];
                break;
            }
        }
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > long.MaxValue / unit)
        {
            return false;
        }
        bytes = count * unit;
        return true;
    }

    /// <summary>In the largest binary unit that divides the size.</summary>
    public static string Format(long bytes)
    {
        foreach (var (name, size) in Units.AsSpan(0, 3))
        {
            if (bytes >= size && bytes % size == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{name}");
            }
        }
        return string.Create(CultureInfo.InvariantCulture, $"{bytes}B");
    }
}
