namespace EdgeGw.Storage;

/// <summary>Whether a file system has so many bytes left; asked of the system at most once a second, whoever asks here.</summary>
internal sealed class FreeSpace(string path, long minimumBytes, TimeProvider time)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    private long _asked;
    private int _asking;
    private volatile bool _enough = true;

    internal bool IsEnough
    {
        get
        {
            if (minimumBytes <= 0) return true;
            long asked = Volatile.Read(ref _asked);
            if (asked != 0 && time.GetElapsedTime(asked) < Refresh) return _enough;
            if (Interlocked.Exchange(ref _asking, 1) != 0) return _enough;
            try
            {
                _enough = new DriveInfo(path).AvailableFreeSpace >= minimumBytes;
            }
            catch (IOException)
            {
                // The question failed, not a write: that the disk is gone shows in the next commit, which is fatal.
                _enough = false;
            }
            finally
            {
                Volatile.Write(ref _asked, Math.Max(1, time.GetTimestamp()));
                Volatile.Write(ref _asking, 0);
            }

            return _enough;
        }
    }
}
