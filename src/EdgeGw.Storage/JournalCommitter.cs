using FASTER.core;

namespace EdgeGw.Storage;

/// <summary>
/// The journal's one writer: a thread that commits what has been appended, as soon as the previous commit is done, and releases those who
/// wait for it. Records that nobody waits for start no commit: they go with the next one, or after the linger with one of their own.
/// All its state changes under the journal's gate; the disk is touched outside of it.
/// </summary>
internal sealed class JournalCommitter
{
    private const int CommitsPerCommitFile = 1024;
    private static readonly TimeSpan Lull = TimeSpan.FromMilliseconds(100);

    private readonly object _gate;
    private readonly FasterLog _log;
    private readonly JournalDevice _device;
    private readonly ISegmentFiles _files;
    private readonly JournalCommitFile _commitFile;
    private readonly JournalCommitManager _manager;
    private readonly Func<long> _lastSequence;
    private readonly long _segmentBytes;
    private readonly TimeSpan _linger;
    private readonly Thread _thread;
    private readonly TaskCompletionSource<StorageException> _faulted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private enum Sleep
    {
        /// <summary>At work: looks for more before it sleeps.</summary>
        None,
        /// <summary>For the linger at most: only what is urgent needs to wake it.</summary>
        Lingering,
        /// <summary>Until woken, by any record.</summary>
        Idle,
    }

    private sealed record Truncation(JournalPosition Begin, TaskCompletionSource<long> Done);

    private Truncation? _truncateTo;
    private long _beginAddress;
    private TaskCompletionSource? _nextBatch;
    private TaskCompletionSource? _batchUnderWay;
    private long _sequenceUnderWay;
    private long _durableSequence;
    private long _durableAddress;
    private StorageException? _fault;
    private int _commitsSinceCommitFile;
    private long _urgentSequence;
    private Sleep _sleep;
    private bool _stopping;

    internal JournalCommitter(object gate, FasterLog log, JournalDevice device, ISegmentFiles files, JournalCommitFile commitFile, JournalCommitManager manager,
        Func<long> lastSequence, long segmentBytes, TimeSpan linger)
    {
        _gate = gate;
        _log = log;
        _device = device;
        _files = files;
        _commitFile = commitFile;
        _manager = manager;
        _lastSequence = lastSequence;
        _segmentBytes = segmentBytes;
        _linger = linger;
        _beginAddress = commitFile.Current.BeginAddress;
        _durableSequence = commitFile.Current.LastSequence;
        _durableAddress = commitFile.Current.UntilAddress;
        _thread = new Thread(Run) { Name = "journal", IsBackground = true };
        _thread.Start();
    }

    internal long BeginAddress => Volatile.Read(ref _beginAddress);

    internal long DurableSequence => Volatile.Read(ref _durableSequence);

    internal long DurableAddress => Volatile.Read(ref _durableAddress);

    internal StorageException? Fault => Volatile.Read(ref _fault);

    internal Task<StorageException> Faulted => _faulted.Task;

    /// <summary>Under the gate.</summary>
    internal void ThrowIfClosed()
    {
        if (_fault is { } fault) throw new StorageException(fault.Message, fault);
        ObjectDisposedException.ThrowIf(_stopping, typeof(Journal));
    }

    /// <summary>Under the gate: a record was appended. Without urgency it is on disk one linger later at most.</summary>
    internal void Appended(long sequence, bool urgent)
    {
        if (urgent) Urge(sequence);
        else if (_sleep == Sleep.Idle) Wake();
    }

    /// <summary>Under the gate, which is let go meanwhile: waits for one commit.</summary>
    internal void AwaitProgress()
    {
        Urge(_lastSequence());
        Monitor.Wait(_gate);
        ThrowIfClosed();
    }

    internal ValueTask WaitAsync(long sequence, CancellationToken ct)
    {
        TaskCompletionSource batch;
        lock (_gate)
        {
            if (sequence <= _durableSequence) return ValueTask.CompletedTask;
            if (_fault is { } fault) return ValueTask.FromException(new StorageException(fault.Message, fault));
            if (sequence > _sequenceUnderWay) Urge(sequence);
            batch = sequence <= _sequenceUnderWay
                ? _batchUnderWay ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
                : _nextBatch ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return new ValueTask(ct.CanBeCanceled ? batch.Task.WaitAsync(ct) : batch.Task);
    }

    /// <summary>Ends the journal for good and returns why; the first failure stays.</summary>
    internal StorageException Fail(Exception cause)
    {
        TaskCompletionSource? first, second;
        lock (_gate)
        {
            if (_fault is not null) return _fault;
            Volatile.Write(ref _fault, new StorageException($"writing the journal failed: {cause.Message}; nothing more is taken until a "
                + "restart has found what is on disk: check the disk, then restart", cause));
            (first, second) = (_batchUnderWay, _nextBatch);
            _batchUnderWay = _nextBatch = null;
            _truncateTo?.Done.SetException(new StorageException(_fault.Message, _fault));
            _truncateTo = null;
            Wake();
            // Those who wait for room in memory.
            Monitor.PulseAll(_gate);
        }

        first?.SetException(_fault);
        second?.SetException(_fault);
        _faulted.TrySetResult(_fault);
        return _fault;
    }

    /// <summary>Gives up the records before a durable position; the task's result is the new begin address.</summary>
    internal Task<long> TruncateAsync(JournalPosition begin)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            if (_truncateTo is not null) throw new InvalidOperationException("another truncation is under way");
            _truncateTo = new Truncation(begin, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
            Wake();
            return _truncateTo.Done.Task;
        }
    }

    /// <summary>Commits what is left and ends the thread.</summary>
    internal Task StopAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            Wake();
        }

        return _stopped.Task;
    }

    private void Run()
    {
        try
        {
            while (AwaitWork())
            {
                if (!CommitOnce()) break;
            }

            if (_fault is null) WriteCommitFile();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FasterException)
        {
            Fail(e);
        }
        finally
        {
            _commitFile.Dispose();
            _stopped.SetResult();
        }
    }

    private bool HasWork => _lastSequence() > _durableSequence;

    private bool HasUrgentWork => _urgentSequence > _durableSequence;

    private void Urge(long sequence)
    {
        _urgentSequence = Math.Max(_urgentSequence, sequence);
        Wake();
    }

    /// <summary>The committer sleeps only when it has nothing urgent left, so most appends wake nobody.</summary>
    private void Wake()
    {
        if (_sleep == Sleep.None) return;
        _sleep = Sleep.None;
        Monitor.PulseAll(_gate);
    }

    /// <summary>True when there is something to commit, false when the journal is to stop.</summary>
    private bool AwaitWork()
    {
        bool lingered = false;
        while (true)
        {
            TruncateIfAsked();
            lock (_gate)
            {
                if (_fault is not null) return false;
                if (HasUrgentWork || (HasWork && (lingered || _stopping))) return true;
                if (_stopping) return false;
                if (_truncateTo is not null) continue;
                if (!lingered)
                {
                    // Begins with the end of a commit, not with the first record after it: appending then wakes nobody.
                    lingered = !SleepFor(Sleep.Lingering, _linger);
                    continue;
                }

                // The commit file is brought up to date in the first lull; after it an idle journal does nothing at all.
                bool current = _commitFile.Current.LastSequence == _durableSequence;
                if (SleepFor(Sleep.Idle, current ? Timeout.InfiniteTimeSpan : Lull))
                {
                    lingered = false;
                    continue;
                }
            }

            WriteCommitFile();
        }
    }

    /// <summary>False when the time was over before anybody woke the committer.</summary>
    private bool SleepFor(Sleep sleep, TimeSpan atMost)
    {
        _sleep = sleep;
        Monitor.Wait(_gate, atMost);
        bool woken = _sleep == Sleep.None;
        _sleep = Sleep.None;
        return woken;
    }

    private bool CommitOnce()
    {
        long sequence, tail;
        lock (_gate)
        {
            // Holding the gate, nobody else fills the log, which Append keeps half empty, so the commit record fits and this cannot block.
            _log.Commit();
            sequence = _sequenceUnderWay = _lastSequence();
            tail = _log.TailAddress;
            (_batchUnderWay, _nextBatch) = (_nextBatch, null);
        }

        Exception? failure = _device.Pump();
        // Flushed, not committed: FASTER moves its committed address in a pool thread some time after the write that made it true.
        if (failure is null && _log.FlushedUntilAddress < tail)
        {
            failure = new FasterException($"written up to {_log.FlushedUntilAddress} instead of {tail}");
        }

        if (failure is not null)
        {
            Fail(failure);
            return false;
        }

        TaskCompletionSource? done;
        lock (_gate)
        {
            Volatile.Write(ref _durableAddress, tail);
            Volatile.Write(ref _durableSequence, sequence);
            (done, _batchUnderWay) = (_batchUnderWay, null);
            // Those who wait for room in memory.
            Monitor.PulseAll(_gate);
        }

        done?.SetResult();
        bool newSegment = tail / _segmentBytes != _commitFile.Current.UntilAddress / _segmentBytes;
        if (newSegment || ++_commitsSinceCommitFile >= CommitsPerCommitFile) WriteCommitFile();
        return true;
    }

    private void TruncateIfAsked()
    {
        Truncation? truncation;
        lock (_gate) (truncation, _truncateTo) = (_truncateTo, null);
        if (truncation is null) return;
        try
        {
            truncation.Done.SetResult(Truncate(truncation.Begin));
        }
        catch (Exception e)
        {
            // First: whoever learns of it finds the journal faulted.
            Fail(e);
            truncation.Done.SetException(new StorageException($"truncating the journal failed: {e.Message}", e));
            throw;
        }
    }

    /// <summary>First the commit file forgets the old part, then its segments go: a crash in between leaves files that nobody reads.</summary>
    private long Truncate(JournalPosition begin)
    {
        JournalCommit current = _commitFile.Current;
        if (begin.Address > current.BeginAddress)
        {
            _commitFile.Write(current with
            {
                BeginAddress = begin.Address,
                BeginSequence = begin.Sequence,
                UntilAddress = _durableAddress,
                LastSequence = _durableSequence,
                CommitNumber = _manager.CommitNumber,
            });
            Volatile.Write(ref _beginAddress, begin.Address);
        }

        // Also those that a crash left behind when they had been given up already.
        foreach (int segment in _files.List())
        {
            if ((segment + 1) * _segmentBytes <= _beginAddress) _files.Remove(segment);
        }

        return _beginAddress;
    }

    private void WriteCommitFile()
    {
        _commitFile.Write(_commitFile.Current with
        {
            UntilAddress = _durableAddress,
            LastSequence = _durableSequence,
            CommitNumber = _manager.CommitNumber,
        });
        _commitsSinceCommitFile = 0;
    }
}
