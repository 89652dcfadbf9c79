using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Storage;

/// <summary>Segments as files <c>segment.0000000000</c> in one folder, kept open while in use.</summary>
internal sealed class SegmentFiles(string folder, long segmentBytes, bool readOnly = false) : ISegmentFiles
{
    private const string Prefix = "segment.";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, SafeFileHandle> _open = [];

    public static string NameOf(int segment) => Prefix + segment.ToString("D10", CultureInfo.InvariantCulture);

    public void Allocate(int segment)
    {
        string path = PathOf(segment);
        if (File.Exists(path) && new FileInfo(path).Length == segmentBytes) return;
        lock (_gate)
        {
            Forget(segment);
            bool existed = File.Exists(path);
            using SafeFileHandle handle = existed
                ? DurableFile.OpenPrivate(path, FileMode.Open)
                : File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite, preallocationSize: segmentBytes);
            if (!existed && !OperatingSystem.IsWindows()) File.SetUnixFileMode(handle, DurableFile.PrivateFile);
            RandomAccess.SetLength(handle, segmentBytes);
            RandomAccess.FlushToDisk(handle);
            DurableFile.SyncFolder(folder);
        }
    }

    public void Read(int segment, long offset, Span<byte> destination)
    {
        SafeFileHandle? handle = Handle(segment, create: false);
        while (destination.Length > 0)
        {
            int read = handle is null ? 0 : RandomAccess.Read(handle, destination, offset);
            if (read == 0)
            {
                destination.Clear();
                return;
            }

            destination = destination[read..];
            offset += read;
        }
    }

    public long NextData(int segment, long offset) =>
        Handle(segment, create: false) is { } handle ? DurableFile.NextData(handle, offset) ?? segmentBytes : segmentBytes;

    public void Write(int segment, long offset, ReadOnlySpan<byte> source) =>
        RandomAccess.Write(Handle(segment, create: true)!, source, offset);

    public void Sync(int segment) => DurableFile.SyncData(Handle(segment, create: true)!);

    public void Remove(int segment)
    {
        lock (_gate)
        {
            Forget(segment);
            File.Delete(PathOf(segment));
            DurableFile.SyncFolder(folder);
        }
    }

    public DateTimeOffset LastWritten(int segment) => new(File.GetLastWriteTimeUtc(PathOf(segment)), TimeSpan.Zero);

    public IReadOnlyList<int> List()
    {
        List<int> found = [];
        foreach (string path in Directory.EnumerateFiles(folder, Prefix + "*"))
        {
            ReadOnlySpan<char> number = Path.GetFileName(path.AsSpan())[Prefix.Length..];
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int segment)) found.Add(segment);
        }

        found.Sort();
        return found;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (SafeFileHandle handle in _open.Values) handle.Dispose();
            _open.Clear();
        }
    }

    private string PathOf(int segment) => Path.Combine(folder, NameOf(segment));

    private SafeFileHandle? Handle(int segment, bool create)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(segment, out SafeFileHandle? handle)) return handle;
            string path = PathOf(segment);
            if (!File.Exists(path))
            {
                if (!create) return null;
                throw new FileNotFoundException($"{path} was never allocated", path);
            }

            handle = readOnly ? File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete) : DurableFile.OpenPrivate(path, FileMode.Open);
            _open.Add(segment, handle);
            return handle;
        }
    }

    private void Forget(int segment)
    {
        if (_open.Remove(segment, out SafeFileHandle? handle)) handle.Dispose();
    }
}
