namespace EdgeGw.Storage;

/// <summary>A journal whose files have been read from end to end, found whole, and cut behind the last record.</summary>
internal sealed record RecoveredJournal(JournalCommitFile CommitFile, JournalRecovery Report)
{
    /// <exception cref="StorageException">An acknowledged record is missing or damaged.</exception>
    internal static RecoveredJournal Recover(JournalFolder folder, ISegmentFiles files)
    {
        JournalCommitFile commitFile = JournalCommitFile.Open(folder.CommitPath);
        try
        {
            return Recover(folder, files, commitFile);
        }
        catch
        {
            commitFile.Dispose();
            throw;
        }
    }

    internal static StorageException Damaged(JournalFolder folder, long address, long? lastSequence) =>
        new($"journal segment {Path.Combine(folder.Path, SegmentFiles.NameOf((int)(address / folder.SegmentBytes)))} is damaged or missing "
            + $"at offset {address % folder.SegmentBytes} (address {address}), {(lastSequence is { } record ? $"after record {record}, " : "")}"
            + "inside what had been acknowledged; "
            + "restore the data folder from a backup, or move it away to start empty");

    private static RecoveredJournal Recover(JournalFolder folder, ISegmentFiles files, JournalCommitFile commitFile)
    {
        JournalCommit committed = commitFile.Current;
        ThrowIfSegmentMissing(folder, files, committed);
        JournalScanner scanner = new(files, folder.PageBytes, folder.SegmentBytes);
        JournalScan scan = scanner.Scan(committed.BeginAddress, long.MaxValue, committed.BeginSequence, visitor: null);
        if (scan.Tail < committed.UntilAddress || scan.LastSequence < committed.LastSequence)
        {
            throw Damaged(folder, scan.DamagedAt ?? scan.Tail, scan.LastSequence);
        }

        if (scanner.FindAcknowledgedBeyond(scan.Tail, scan.LastSequence) is { } loss)
        {
            throw new StorageException($"{Damaged(folder, scan.DamagedAt ?? scan.Tail, scan.LastSequence).Message}. (The record at address "
                + $"{loss.Address} was written when records up to {loss.DurableSequence} were durable.)");
        }

        long torn = scanner.Cut(scan.Tail);
        int lastSegment = (int)(scan.Tail / folder.SegmentBytes);
        files.Allocate(lastSegment);
        // After a kill the records may so far be in the page cache only; nobody may rely on them before they are on disk.
        for (int segment = (int)(committed.UntilAddress / folder.SegmentBytes); segment <= lastSegment; segment++) files.Sync(segment);
        if (scan.Tail != committed.UntilAddress || scan.LastSequence != committed.LastSequence)
        {
            commitFile.Write(committed with { UntilAddress = scan.Tail, LastSequence = scan.LastSequence });
        }

        return new RecoveredJournal(commitFile, new JournalRecovery(scan.Records, scan.LastSequence, torn));
    }

    private static void ThrowIfSegmentMissing(JournalFolder folder, ISegmentFiles files, JournalCommit committed)
    {
        IReadOnlyList<int> present = files.List();
        int last = (int)((committed.UntilAddress - 1) / folder.SegmentBytes);
        for (int segment = (int)(committed.BeginAddress / folder.SegmentBytes); segment <= last; segment++)
        {
            if (!present.Contains(segment)) throw Damaged(folder, (long)segment * folder.SegmentBytes, null);
        }
    }
}
