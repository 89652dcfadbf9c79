using System.Globalization;

namespace EdgeGw.Audit;

/// <summary>The names in the audit folder: segments of lines, each called by the number of its first line.</summary>
internal static class AuditFiles
{
    private const string FolderName = "audit";
    private const string Extension = ".jsonl";

    public static string FolderOf(string dataFolder) => Path.Combine(Path.GetFullPath(dataFolder), FolderName);

    public static string Segment(string folder, long first) => Path.Combine(folder, first.ToString("D16", CultureInfo.InvariantCulture) + Extension);

    /// <summary>The first lines' numbers of all segments, ascending.</summary>
    public static List<long> Segments(string folder)
    {
        var found = new List<long>();
        if (Directory.Exists(folder))
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*" + Extension))
            {
                if (long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                    && Segment(folder, first) == path)
                {
                    found.Add(first);
                }
            }
        }
        found.Sort();
        return found;
    }

    /// <summary>A segment's bytes. It may be written to meanwhile, so its last line may be incomplete.</summary>
    public static byte[] Read(string folder, long first) => Read(folder, first, int.MaxValue, fromEnd: false);

    /// <summary>The bytes at a segment's start, at most so many.</summary>
    public static byte[] ReadStart(string folder, long first, int most) => Read(folder, first, most, fromEnd: false);

    /// <summary>The bytes at a segment's end, at most so many.</summary>
    public static byte[] ReadEnd(string folder, long first, int most) => Read(folder, first, most, fromEnd: true);

    private static byte[] Read(string folder, long first, int most, bool fromEnd)
    {
        using var stream = new FileStream(Segment(folder, first), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new byte[Math.Min(stream.Length, most)];
        stream.Position = fromEnd ? stream.Length - content.Length : 0;
        return content.AsSpan(0, stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)).ToArray();
    }
}
