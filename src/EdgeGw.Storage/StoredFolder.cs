namespace EdgeGw.Storage;

/// <summary>
/// A stopped node's data folder, opened to be looked at: nothing in it is changed. Keeps a gateway from starting on it meanwhile.
/// </summary>
public sealed class StoredFolder : IDisposable
{
    private readonly FileStream? _lock;
    private readonly JournalFolder _journal;
    private readonly SegmentFiles _segments;

    private StoredFolder(string path, FileStream? folderLock, JournalFolder journal)
    {
        Path = path;
        _lock = folderLock;
        _journal = journal;
        _segments = new SegmentFiles(journal.Path, journal.SegmentBytes, readOnly: true);
    }

    /// <summary>Absolute path of the folder.</summary>
    public string Path { get; }

    /// <exception cref="StorageException">Not there, in use by a process, or without a journal whose format file is whole.</exception>
    public static StoredFolder Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = System.IO.Path.GetFullPath(path);
        if (!Directory.Exists(full)) throw new StorageException($"data folder {full} does not exist; give the data_dir of a gateway");
        FileStream? folderLock = null;
        try
        {
            folderLock = DataFolder.LockToRead(full);
            return new StoredFolder(full, folderLock, JournalFolder.Open(full));
        }
        catch (Exception e)
        {
            folderLock?.Dispose();
            if (e is StorageException) throw;
            throw new StorageException($"data folder {full} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads the whole journal, and goes on behind damage; the visitor sees every record that is whole.</summary>
    public JournalInspection InspectJournal(JournalVisitor visitor) => new JournalInspector(_journal, _segments).Run(visitor);

    /// <summary>Visits the records between two addresses of a sound journal.</summary>
    /// <exception cref="StorageException">A record is damaged.</exception>
    public void Replay(long from, long until, JournalVisitor visitor)
    {
        JournalScan scan = new JournalScanner(_segments, _journal.PageBytes, _journal.SegmentBytes).Scan(from, until, -1, visitor);
        if (scan.Tail != until) throw RecoveredJournal.Damaged(_journal, scan.DamagedAt ?? scan.Tail, scan.LastSequence);
    }

    /// <summary>The newest checkpoint's manifest; null when none was ever taken.</summary>
    /// <exception cref="StorageException">The file is there but damaged.</exception>
    public CheckpointManifest? LoadCheckpoint() => new CheckpointStore(Path).LoadLatest();

    /// <summary>Compares every sector that belongs to the counters' checkpoint with the sums taken when it was written.</summary>
    public IReadOnlyList<StorageDamage> InspectCounters(Guid checkpoint) => new CounterFiles(CountersPath(Path)).Inspect(checkpoint);

    /// <summary>Copies the counters' files, so that a store can be opened on the copy.</summary>
    public void CopyCountersTo(string dataFolder)
    {
        string source = CountersPath(Path), target = CountersPath(dataFolder);
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = System.IO.Path.Combine(target, System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public void Dispose()
    {
        _segments.Dispose();
        _lock?.Dispose();
    }

    private static string CountersPath(string dataFolder) => System.IO.Path.Combine(dataFolder, CounterFiles.FolderName);
}
