using System.Globalization;

namespace EdgeGw.Storage;

/// <summary>Reads a journal as start-up does, but changes nothing and goes on behind damage, to find all of it.</summary>
internal sealed class JournalInspector(JournalFolder folder, ISegmentFiles files)
{
    private const string Restore = "restore the data folder from a backup; without one, move it away to start empty";

    private readonly JournalScanner _scanner = new(files, folder.PageBytes, folder.SegmentBytes);
    private readonly List<StorageDamage> _damages = [];

    internal JournalInspection Run(JournalVisitor visitor)
    {
        JournalCommit commit = ReadCommit();
        long address = commit.BeginAddress, records = 0, sequence = commit.BeginSequence;
        while (true)
        {
            JournalScan scan = _scanner.Scan(address, long.MaxValue, sequence, visitor);
            records += scan.Records;
            bool torn = scan.Tail >= commit.UntilAddress && scan.LastSequence >= commit.LastSequence
                && _scanner.FindAcknowledgedBeyond(scan.Tail, scan.LastSequence) is null;
            if (torn)
            {
                return Report(commit, scan, records, _scanner.UsedBeyond(scan.Tail));
            }

            long damaged = scan.DamagedAt ?? scan.Tail;
            FoundFrame? next = _scanner.Find(damaged + sizeof(int), (in JournalRecord record, long _) => record.Sequence > scan.LastSequence);
            AddDamage(damaged, scan.LastSequence, next, commit);
            if (next is not { } found) return Report(commit, scan, records, 0);
            (address, sequence) = (found.Address, found.Sequence - 1);
        }
    }

    private JournalCommit ReadCommit()
    {
        try
        {
            return JournalCommitFile.Read(folder.CommitPath).Commit;
        }
        catch (StorageException e)
        {
            _damages.Add(new StorageDamage(folder.CommitPath, e.Message, Restore));
            // What is there can be read all the same, from the first segment on.
            long begin = files.List() is { Count: > 0 } segments ? Math.Max(JournalFormat.FirstAddress, (long)segments[0] * folder.SegmentBytes) : 0;
            long first = _scanner.SequenceAt(begin, begin + folder.SegmentBytes) ?? 1;
            return new JournalCommit(begin, first - 1, begin, first - 1, 0);
        }
    }

    private void AddDamage(long address, long lastWhole, FoundFrame? next, JournalCommit commit)
    {
        int segment = (int)(address / folder.SegmentBytes);
        string file = Path.Combine(folder.Path, SegmentFiles.NameOf(segment));
        long? until = next?.Sequence - 1 ?? (commit.LastSequence > lastWhole ? commit.LastSequence : null);
        string what = files.List().Contains(segment) ? "not as written" : "missing";
        string lost = until is { } last && last > lastWhole ? Records(lastWhole + 1, last) : "padding";
        _damages.Add(new StorageDamage(
            string.Create(CultureInfo.InvariantCulture, $"{file} at offset {address % folder.SegmentBytes}"),
            $"{what}: {lost}, which had been acknowledged", Restore));
    }

    private static string Records(long from, long until) => from == until
        ? string.Create(CultureInfo.InvariantCulture, $"record {from}")
        : string.Create(CultureInfo.InvariantCulture, $"records {from} to {until}");

    private JournalInspection Report(JournalCommit commit, JournalScan scan, long records, long tornBytes) => new()
    {
        FirstSequence = commit.BeginSequence + 1,
        LastSequence = scan.LastSequence,
        BeginAddress = commit.BeginAddress,
        EndAddress = scan.Tail,
        Records = records,
        TornTailBytes = tornBytes,
        Damages = _damages,
    };
}
