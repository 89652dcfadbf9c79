using FASTER.core;

namespace EdgeGw.Storage;

/// <summary>
/// The append-only record of what happened; the truth of which all else is a cache. Appends go to memory; one committer thread writes and
/// syncs whatever has come since its last write, so a lone record waits for one write and many share one. Records that nobody waits for
/// are appended lazily: they cause no write until the linger is over, unless somebody waits for them after all. The first write that fails
/// ends it for good: nothing later is acknowledged, and only reopening the folder tells what is on disk.
/// </summary>
public sealed class Journal : IAsyncDisposable
{
    private readonly object _gate = new();
    private readonly ISegmentFiles _files;
    private readonly JournalFolder _folder;
    private readonly FasterLog _log;
    private readonly JournalDevice _device;
    private readonly FreeSpace _freeSpace;
    private readonly JournalCommitter _committer;
    private readonly long _maxUnflushedBytes;
    private readonly long _minimumFreeBytes;
    private long _last;
    private int _disposed;

    private Journal(JournalFolder folder, ISegmentFiles files, JournalOptions options, RecoveredJournal recovered)
    {
        _folder = folder;
        _files = files;
        Recovery = recovered.Report;
        MaxPayloadBytes = folder.PageBytes / 2;
        _maxUnflushedBytes = (long)folder.PageBytes * options.MemoryPages / 2;
        _freeSpace = new FreeSpace(folder.Path, options.Time);
        _minimumFreeBytes = options.MinimumFreeBytes;
        _last = recovered.Report.LastSequence;
        JournalCommit commit = recovered.CommitFile.Current;
        _device = new JournalDevice(files, folder.SegmentBytes);
        _device.StartAt((int)(commit.UntilAddress / folder.SegmentBytes));
        JournalCommitManager manager = new(commit.BeginAddress, commit.UntilAddress, commit.CommitNumber);
        _log = OpenLog(folder, options, manager, commit, _device);
        _committer = new JournalCommitter(_gate, _log, _device, files, recovered.CommitFile, manager, () => _last, folder.SegmentBytes,
            options.Linger);
    }

    /// <summary>What opening found.</summary>
    public JournalRecovery Recovery { get; }

    /// <summary>Largest payload of one record, in bytes: half a page.</summary>
    public int MaxPayloadBytes { get; }

    /// <summary>Where the oldest record lies.</summary>
    public long BeginAddress => _committer.BeginAddress;

    /// <summary>Sequence of the newest record, durable or not; 0 while there is none.</summary>
    public long LastSequence => Volatile.Read(ref _last);

    /// <summary>Sequence up to which all records are on disk.</summary>
    public long DurableSequence => _committer.DurableSequence;

    /// <summary>Why the journal can no longer be written; null while it can.</summary>
    public StorageException? Fault => _committer.Fault;

    /// <summary>Completes with <see cref="Fault"/> when the journal faults; never completes otherwise.</summary>
    public Task<StorageException> Faulted => _committer.Faulted;

    /// <summary>
    /// Whether a new hold may be appended: false on a nearly full disk, where the allocated rest is kept for settling what is already held.
    /// Cheap; at most a second old.
    /// </summary>
    public bool HasRoomForHolds =>
        (_minimumFreeBytes == 0 || _freeSpace.Bytes >= _minimumFreeBytes)
        && (!_device.NextSegmentMissing || _freeSpace.Bytes > _folder.SegmentBytes);

    /// <summary>Where the journal ends now: every record up to its sequence lies before its address.</summary>
    public JournalPosition Position
    {
        get
        {
            lock (_gate) return new JournalPosition(_log.TailAddress, _last);
        }
    }

    /// <summary>Opens the folder's journal, making it where there is none. Cuts a torn tail; see <see cref="Recovery"/>.</summary>
    /// <exception cref="StorageException">Files are missing or damaged; the message says which, and what to do.</exception>
    public static Journal Open(DataFolder folder, JournalOptions options) => Open(folder, options, checkpoint: null, visitor: null);

    /// <summary>
    /// As <see cref="Open(DataFolder, JournalOptions)"/>, and visits the records from the checkpoint's replay address on while it reads and checks
    /// them. What lies before that is not read: only <c>verify-journal</c> tells whether it is whole.
    /// </summary>
    /// <exception cref="StorageException">As above, or journal and checkpoint do not belong together. What was visited before counts for nothing.</exception>
    public static Journal Open(DataFolder folder, JournalOptions options, CheckpointManifest? checkpoint, JournalVisitor? visitor) => Open(
        folder, options, static journalFolder => new SegmentFiles(journalFolder.Path, journalFolder.SegmentBytes), checkpoint, visitor);

    internal static Journal Open(
        DataFolder folder, JournalOptions options, Func<JournalFolder, ISegmentFiles> openFiles, CheckpointManifest? checkpoint = null,
        JournalVisitor? visitor = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        options.Validate();
        ISegmentFiles? files = null;
        RecoveredJournal? recovered = null;
        try
        {
            JournalFolder journalFolder = JournalFolder.OpenOrCreate(folder, options);
            files = openFiles(journalFolder);
            recovered = RecoveredJournal.Recover(journalFolder, files, checkpoint, visitor);
            return new Journal(journalFolder, files, options, recovered);
        }
        catch (Exception e)
        {
            recovered?.CommitFile.Dispose();
            files?.Dispose();
            if (e is IOException or UnauthorizedAccessException or FasterException)
            {
                throw new StorageException($"journal in {folder.Path} cannot be opened: {e.Message}; check the disk and start again", e);
            }

            throw;
        }
    }

    /// <summary>
    /// Appends a record to memory and returns its sequence. Any number of threads may call it; their records lie in the log in order of
    /// sequence. Waits only when about half of the journal's memory is not yet written.
    /// </summary>
    /// <exception cref="StorageException">The journal has faulted.</exception>
    /// <exception cref="ArgumentException">The payload is larger than <see cref="MaxPayloadBytes"/>.</exception>
    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    public long Append(byte type, byte version, ReadOnlySpan<byte> payload) => AppendRecord(type, version, payload, urgent: true);

    /// <summary>
    /// As <see cref="Append(byte, byte, ReadOnlySpan{byte})"/>, but the record starts no write of its own: it goes to disk with the next one
    /// that is urgent, when <see cref="WaitDurableAsync"/> asks for it, or after <see cref="JournalOptions.Linger"/>.
    /// </summary>
    /// <inheritdoc cref="Append(byte, byte, ReadOnlySpan{byte})"/>
    public long AppendLazily(byte type, byte version, ReadOnlySpan<byte> payload) => AppendRecord(type, version, payload, urgent: false);

    /// <summary>
    /// Completes when the record of that sequence is on disk; synchronously and without allocation where it already is. A record that was
    /// appended lazily becomes urgent by it. Cancelling gives up the wait, not the record.
    /// </summary>
    /// <exception cref="StorageException">The journal faulted before; the record may or may not be there after a restart.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No record has that sequence yet.</exception>
    public ValueTask WaitDurableAsync(long sequence, CancellationToken ct = default)
    {
        if (sequence <= _committer.DurableSequence) return ValueTask.CompletedTask;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sequence, LastSequence);
        return _committer.WaitAsync(sequence, ct);
    }

    /// <summary>
    /// Visits the durable records in order of sequence, from an address that a <see cref="JournalPosition"/> or a
    /// <see cref="JournalRecord"/> gave, or from the oldest when it is 0. Records that become durable meanwhile are not visited.
    /// </summary>
    /// <exception cref="StorageException">A record is damaged or missing.</exception>
    public void Replay(long fromAddress, JournalVisitor visitor) => Replay(fromAddress, -1, visitor);

    /// <summary>As <see cref="Replay(long, JournalVisitor)"/>, and makes sure that no record after the position's sequence is missed.</summary>
    public void Replay(JournalPosition from, JournalVisitor visitor) => Replay(from.Address, from.Sequence, visitor);

    /// <summary>Visits the durable records at these addresses, in ascending order, as a <see cref="JournalRecord"/> gave them.</summary>
    /// <exception cref="StorageException">A record is damaged or missing.</exception>
    public void Read(IEnumerable<long> addresses, JournalVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        JournalScanner scanner = new(_files, _folder.PageBytes, _folder.SegmentBytes);
        foreach (long address in addresses)
        {
            JournalScan scan = scanner.Scan(address, address + 1, -1, visitor);
            if (scan.Records != 1) throw RecoveredJournal.Damaged(_folder, address, null);
        }
    }

    /// <summary>
    /// Gives up the records up to a position, which must be durable, and removes the segments that hold nothing else. Not while a replay
    /// from before the position runs. For when a checkpoint covers them and nobody wants to read them again.
    /// </summary>
    /// <exception cref="StorageException">The journal has faulted.</exception>
    public async Task TruncateAsync(JournalPosition upTo)
    {
        await WaitDurableAsync(upTo.Sequence).ConfigureAwait(false);
        await _committer.TruncateAsync(upTo).ConfigureAwait(false);
    }

    /// <summary>
    /// Gives up whole segments at the front: those last written before <paramref name="keepSince"/>, and as many more as the size demands. What
    /// a replay from <paramref name="replayFrom"/> needs stays in any case, and so does the segment that is being written.
    /// </summary>
    /// <param name="replayFrom">Address in a durable checkpoint, which must be the newest one.</param>
    /// <param name="maxBytes">What all segments together may take, those allocated ahead included.</param>
    /// <returns>Whether anything was given up.</returns>
    /// <exception cref="StorageException">The journal has faulted.</exception>
    public async Task<bool> TrimAsync(long replayFrom, DateTimeOffset keepSince, long maxBytes)
    {
        IReadOnlyList<int> segments = _files.List();
        int replaySegment = (int)(replayFrom / _folder.SegmentBytes);
        int kept = 0;
        while (kept < segments.Count && segments[kept] < replaySegment
            && ((segments.Count - kept) * (long)_folder.SegmentBytes > maxBytes || _files.LastWritten(segments[kept]) < keepSince))
        {
            kept++;
        }

        if (kept == 0 || kept == segments.Count) return false;
        long begin = (long)segments[kept] * _folder.SegmentBytes;
        JournalScanner scanner = new(_files, _folder.PageBytes, _folder.SegmentBytes);
        if (scanner.SequenceAt(begin, _committer.DurableAddress) is not { } first) return false;
        await TruncateAsync(new JournalPosition(begin, first - 1)).ConfigureAwait(false);
        return true;
    }

    /// <summary>Makes all that was appended durable, unless the journal has faulted, and closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _committer.StopAsync().ConfigureAwait(false);
        _log.Dispose();
        _device.Dispose();
    }

    /// <summary>Sequence of the last record before a position's address, which may be far before its sequence; null where damage hides it.</summary>
    internal long? SequenceBefore(JournalPosition position)
    {
        long durable = DurableSequence;
        JournalScanner scanner = new(_files, _folder.PageBytes, _folder.SegmentBytes);
        if (scanner.SequenceAt(position.Address, _committer.DurableAddress) is { } first) return first - 1;
        return durable == position.Sequence ? durable : null;
    }

    private void Replay(long fromAddress, long previousSequence, JournalVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        long until = _committer.DurableAddress;
        long from = fromAddress == 0 ? BeginAddress : fromAddress;
        if (from > until && from <= Position.Address) return;
        if (from < BeginAddress || from > until)
        {
            throw RecoveredJournal.OfAnother(_folder, BeginAddress, until, from);
        }

        JournalScan scan = new JournalScanner(_files, _folder.PageBytes, _folder.SegmentBytes).Scan(from, until, previousSequence, visitor);
        if (scan.Tail != until) throw RecoveredJournal.Damaged(_folder, scan.DamagedAt ?? scan.Tail, scan.LastSequence);
    }

    private unsafe long AppendRecord(byte type, byte version, ReadOnlySpan<byte> payload, bool urgent)
    {
        if (payload.Length > MaxPayloadBytes)
        {
            throw new ArgumentException($"a record of {payload.Length} bytes exceeds the largest of {MaxPayloadBytes}", nameof(payload));
        }

        uint state = JournalFormat.PayloadState(payload);
        fixed (byte* pinned = payload)
        {
            while (true)
            {
                lock (_gate)
                {
                    _committer.ThrowIfClosed();
                    while (_log.TailAddress - _log.FlushedUntilAddress > _maxUnflushedBytes) _committer.AwaitProgress();
                    long sequence = _last + 1;
                    FrameEntry entry = new(type, version, sequence, _committer.DurableSequence, pinned, payload.Length, state);
                    if (TryEnqueue(entry))
                    {
                        Volatile.Write(ref _last, sequence);
                        _committer.Appended(sequence, urgent);
                        return sequence;
                    }
                }

                // The next page is being made ready by another thread of FASTER's; never for longer than that.
                Thread.Yield();
            }
        }
    }

    private bool TryEnqueue(FrameEntry entry)
    {
        try
        {
            return _log.TryEnqueue(entry, out _);
        }
        catch (FasterException e)
        {
            throw _committer.Fail(e);
        }
    }

    private static FasterLog OpenLog(JournalFolder folder, JournalOptions options, JournalCommitManager manager, JournalCommit commit,
        JournalDevice device)
    {
        FasterLog log = new(new FasterLogSettings
        {
            LogDevice = device,
            LogCommitManager = manager,
            PageSize = folder.PageBytes,
            MemorySize = (long)folder.PageBytes * options.MemoryPages,
            SegmentSize = folder.SegmentBytes,
            LogChecksum = LogChecksumType.PerEntry,
            FastCommitMode = true,
            // Recovery inside the constructor swallows every error and yields an empty log.
            TryRecoverLatest = false,
        });
        if (commit.UntilAddress == JournalFormat.FirstAddress) return log;
        log.Recover();
        if (log.TailAddress == commit.UntilAddress) return log;
        long tail = log.TailAddress;
        log.Dispose();
        throw new StorageException($"journal {folder.Path} ends at address {commit.UntilAddress} but was recovered up to {tail}; this is a "
            + "defect of the program: keep the folder and report it");
    }
}
