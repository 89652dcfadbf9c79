namespace EdgeGw.Storage;

/// <summary>Free bytes of a file system; asked of the system at most once a second, whoever asks here.</summary>
internal sealed class FreeSpace(string path, TimeProvider time)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    private long _bytes = long.MaxValue;
    private long _asked;
    private int _asking;

    internal long Bytes
    {
        get
        {
            long asked = Volatile.Read(ref _asked);
            if (asked != 0 && time.GetElapsedTime(asked) < Refresh) return Volatile.Read(ref _bytes);
            if (Interlocked.Exchange(ref _asking, 1) != 0) return Volatile.Read(ref _bytes);
            try
            {
                Volatile.Write(ref _bytes, new DriveInfo(path).AvailableFreeSpace);
            }
            catch (IOException)
            {
                // The question failed, not a write: that the disk is gone shows in the next commit, which is fatal.
                Volatile.Write(ref _bytes, 0);
            }
            finally
            {
                Volatile.Write(ref _asked, Math.Max(1, time.GetTimestamp()));
                Volatile.Write(ref _asking, 0);
            }

            return Volatile.Read(ref _bytes);
        }
    }
}
