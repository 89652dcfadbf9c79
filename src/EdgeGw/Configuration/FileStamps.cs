namespace EdgeGw.Configuration;

/// <summary>When some files were written last and how long they were: enough to notice that one of them is another now. Immutable.</summary>
/// <remarks>Looked at and not opened. Links are followed to their end, since a mounted Kubernetes volume changes by a link alone.</remarks>
public sealed class FileStamps
{
    private readonly Dictionary<string, Stamp> _stamps;

    private FileStamps(Dictionary<string, Stamp> stamps) => _stamps = stamps;

    public static FileStamps Of(IEnumerable<string> paths) => new(paths.Distinct(StringComparer.Ordinal).ToDictionary(path => path, StampOf, StringComparer.Ordinal));

    /// <summary>The same files as they are now.</summary>
    public FileStamps Again() => Of(_stamps.Keys);

    /// <summary>These and those.</summary>
    public FileStamps With(FileStamps others) =>
        new(_stamps.Concat(others._stamps).DistinctBy(stamp => stamp.Key).ToDictionary(StringComparer.Ordinal));

    /// <summary>Whether the same files are there, each as it was.</summary>
    public bool Equal(FileStamps others) =>
        _stamps.Count == others._stamps.Count && _stamps.Keys.All(others._stamps.ContainsKey) && Equal(others, _stamps.Keys);

    /// <summary>Whether some of the files are as they were.</summary>
    public bool Equal(FileStamps others, IEnumerable<string> paths) =>
        paths.All(path => _stamps.GetValueOrDefault(path) == others._stamps.GetValueOrDefault(path));

    private static Stamp StampOf(string path)
    {
        try
        {
            var file = new FileInfo(path);
            var real = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return real.Exists ? new Stamp(real.LastWriteTimeUtc.Ticks, real.Length) : default;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Not there, or not ours to see: reading it will say so. It changes when it can be seen.
            return default;
        }
    }

    private readonly record struct Stamp(long Written, long Length);
}
