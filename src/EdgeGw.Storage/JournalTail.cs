namespace EdgeGw.Storage;

/// <summary>The end of a journal, read from the last page backwards. Changes nothing and holds no lock, so that it also serves beside a running node.</summary>
public static class JournalTail
{
    /// <summary>Visits the records of one page after the other, the last page first; within a page they come in order.</summary>
    /// <param name="dataFolder">The folder that <see cref="DataFolder"/> opens.</param>
    /// <param name="isEnough">Asked after each page: true ends the reading.</param>
    /// <exception cref="StorageException">There is no journal, a record is damaged, or the front was given up while it was read.</exception>
    public static void Read(string dataFolder, JournalVisitor visitor, Func<bool> isEnough)
    {
        JournalFolder folder = JournalFolder.Open(Path.GetFullPath(dataFolder));
        using SegmentFiles files = new(folder.Path, folder.SegmentBytes, readOnly: true);
        JournalScanner scanner = new(files, folder.PageBytes, folder.SegmentBytes);
        JournalCommit commit = JournalCommitFile.Read(folder.CommitPath).Commit;

        // What was written since the commit file was is whole or is not there yet.
        scanner.Scan(commit.UntilAddress, long.MaxValue, -1, visitor);
        for (long until = commit.UntilAddress; until > commit.BeginAddress && !isEnough();)
        {
            // A page begins with an entry, and none is in two pages.
            long from = Math.Max(commit.BeginAddress, (until - 1) & -folder.PageBytes);
            JournalScan scan = scanner.Scan(from, until, -1, visitor);
            if (scan.DamagedAt is not null || scan.Tail == from) throw Unreadable(folder, scan.DamagedAt ?? from);
            until = from;
        }
    }

    private static StorageException Unreadable(JournalFolder folder, long address) => new(
        JournalCommitFile.Read(folder.CommitPath).Commit.BeginAddress > address
            ? "the gateway gave up the journal's front while it was read; try again"
            : $"{folder.Path} is damaged at address {address}; stop the gateway and run edgegw verify-journal, which names all damage");
}
