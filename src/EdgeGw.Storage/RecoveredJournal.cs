namespace EdgeGw.Storage;

/// <summary>A journal whose files have been read from a checkpoint's replay address to the end, found whole, and cut behind the last record.</summary>
internal sealed record RecoveredJournal(JournalCommitFile CommitFile, JournalRecovery Report)
{
    /// <exception cref="StorageException">An acknowledged record is missing or damaged.</exception>
    internal static RecoveredJournal Recover(JournalFolder folder, ISegmentFiles files, CheckpointManifest? checkpoint, JournalVisitor? visitor)
    {
        JournalCommitFile commitFile = JournalCommitFile.Open(folder.CommitPath);
        try
        {
            return Recover(folder, files, commitFile, checkpoint, visitor);
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

    private static RecoveredJournal Recover(
        JournalFolder folder, ISegmentFiles files, JournalCommitFile commitFile, CheckpointManifest? checkpoint, JournalVisitor? visitor)
    {
        JournalCommit committed = commitFile.Current;
        ThrowIfSegmentMissing(folder, files, committed);
        long replayFrom = checkpoint?.ReplayFromAddress ?? committed.BeginAddress;
        JournalPosition start = Start(committed, checkpoint);
        if (replayFrom < committed.BeginAddress) throw OfAnother(folder, committed.BeginAddress, committed.UntilAddress, replayFrom);
        JournalScanner scanner = new(files, folder.PageBytes, folder.SegmentBytes);
        JournalScan scan = scanner.Scan(start.Address, long.MaxValue, start.Sequence, visitor is null ? null : (in JournalRecord record) =>
        {
            if (record.Address >= replayFrom) visitor(in record);
        });
        if (scan.Tail < committed.UntilAddress || scan.LastSequence < committed.LastSequence)
        {
            throw Damaged(folder, scan.DamagedAt ?? scan.Tail, scan.LastSequence);
        }

        long torn = scanner.UsedBeyond(scan.Tail);
        if (torn > 0)
        {
            if (scanner.FindAcknowledgedBeyond(scan.Tail, scan.LastSequence) is { } loss)
            {
                throw new StorageException($"{Damaged(folder, scan.DamagedAt ?? scan.Tail, scan.LastSequence).Message}. (The record at address "
                    + $"{loss.Address} was written when records up to {loss.DurableSequence} were durable.)");
            }

            scanner.Cut(scan.Tail);
        }

        // Else sequences that the counters hold already would be given out again, and the new records be taken for applied.
        if (scan.Tail < replayFrom || scan.LastSequence < checkpoint?.ReplayFromSequence)
        {
            throw OfAnother(folder, committed.BeginAddress, scan.Tail, replayFrom);
        }

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

    /// <summary>
    /// The last place up to which nothing needs to be proved. The commit file may be older than the checkpoint, and then it is its end, so that
    /// the records in between are proved to be there.
    /// </summary>
    private static JournalPosition Start(JournalCommit committed, CheckpointManifest? checkpoint)
    {
        if (checkpoint?.SequenceBefore is not { } before) return new JournalPosition(committed.BeginAddress, committed.BeginSequence);
        return checkpoint.ReplayFromAddress < committed.UntilAddress
            ? new JournalPosition(checkpoint.ReplayFromAddress, before)
            : new JournalPosition(committed.UntilAddress, committed.LastSequence);
    }

    internal static StorageException OfAnother(JournalFolder folder, long begin, long end, long replayFrom) =>
        new($"journal {folder.Path} holds addresses {begin} to {end}, not {replayFrom}: it is older or newer than the checkpoint beside it; "
            + "restore the whole data folder from one backup");

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
