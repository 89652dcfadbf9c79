using System.Collections.Concurrent;
using System.Numerics;
using FASTER.core;

namespace EdgeGw.Storage;

/// <summary>
/// Fixed-size counters by key, in memory as far as they fit and on disk beyond. A cache of the journal: durable only as of the last
/// checkpoint. Any number of threads may use it, but only one at a time may write a given key. A disk error or damage in the part on disk
/// ends it: every call after it throws, and a restart rebuilds it from checkpoint and journal. One in a checkpoint's files fails that
/// checkpoint only.
/// </summary>
public sealed class CounterStore<TCounter> : IDisposable
    where TCounter : unmanaged
{
    private readonly FasterKV<CounterKey, TCounter> _store;
    private readonly CounterFiles _files;
    private readonly CheckedDevice _device;
    private readonly WriteQueue _writes;
    private readonly DeviceLogCommitCheckpointManager _checkpoints;
    private readonly int _segmentBytes;
    private readonly int _pageBytes;
    private readonly int _memoryPages;
    private readonly long _compactAboveBytes;
    private long _compactAbove;
    private long _checkpointBegin;
    private readonly ConcurrentBag<ClientSession<CounterKey, TCounter, TCounter, TCounter, Empty, CounterFunctions<TCounter>>> _sessions = [];

    // In front of the bag, which costs more than the rest of a call that finds its counter in memory.
    private ClientSession<CounterKey, TCounter, TCounter, TCounter, Empty, CounterFunctions<TCounter>>? _spare;

    private CounterStore(FasterKV<CounterKey, TCounter> store, CounterFiles files, CheckedDevice device, WriteQueue writes,
        DeviceLogCommitCheckpointManager checkpoints, CounterStoreOptions options)
    {
        _store = store;
        _files = files;
        _device = device;
        _writes = writes;
        _checkpoints = checkpoints;
        _segmentBytes = options.SegmentBytes;
        _pageBytes = options.PageBytes;
        _memoryPages = options.MemoryPages;
        _compactAbove = _compactAboveBytes = options.CompactAboveBytes;
    }

    /// <summary>Why the store can no longer be used; null while it can.</summary>
    public StorageException? Fault => _files.Failure is { } failure
        ? new StorageException($"the counters' files failed: {failure.Message}; check the disk, then restart", failure)
        : null;

    /// <summary>
    /// Opens the store as of a checkpoint, or empty, to be filled by replaying the journal, without one (whatever lies there is removed).
    /// </summary>
    /// <param name="beforeDiskCall">A seam for tests: called before each call that changes the disk; an <see cref="IOException"/> from it is that call's failure.</param>
    /// <exception cref="StorageException">The checkpoint is missing or damaged.</exception>
    public static CounterStore<TCounter> Open(DataFolder folder, CounterStoreOptions options, Guid? checkpoint, Action? beforeDiskCall = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        string path = folder.Combine(CounterFiles.FolderName);
        CounterFiles files = new(path, beforeDiskCall);
        CounterStore<TCounter>? store = null;
        try
        {
            DurableFile.CreateFolder(path);
            if (checkpoint is { } wanted)
            {
                files.LoadCheckpoint(wanted);
                // Before FASTER sees them: recovery from a damaged page can wait for ever.
                if (files.Damaged().FirstOrDefault() is { } damaged) throw new StorageException($"{damaged} is damaged");
            }

            files.RemoveAllBut(checkpoint);
            store = Create(files, options);
            if (checkpoint is { } token)
            {
                if (store.IsOvertaken(store.InfoOf(token))) throw new StorageException("it was overtaken by more writes than memory holds here");
                store._store.Recover(token);
            }

            if ((files.Failure ?? files.CheckpointFailure) is { } failure) throw failure;
            return store;
        }
        // FASTER reports a checkpoint it cannot make sense of by whatever its parsing happens to throw.
        catch (Exception e)
        {
            store?.Dispose();
            throw new StorageException($"counters in {path} cannot be opened{(checkpoint is null ? "" : $" as of checkpoint {checkpoint}")}: "
                + $"{e.Message}; restore the data folder from a backup, or delete the file named checkpoint to rebuild the counters from "
                + "the journal (complete only while the journal has never been truncated)", e);
        }
    }

    /// <summary>Reads a counter; false when there is none of that key.</summary>
    /// <exception cref="StorageException">The files have failed.</exception>
    public bool TryRead(in CounterKey key, out TCounter value)
    {
        ClientSession<CounterKey, TCounter, TCounter, TCounter, Empty, CounterFunctions<TCounter>> session = Rent();
        TCounter output = default, input = default;
        CounterKey copy = key;
        Status status = session.Read(ref copy, ref input, ref output);
        if (status.IsPending) status = CompleteRead(session, ref output);
        Return(session);
        ThrowIfFaulted();
        value = output;
        return status.Found;
    }

    /// <summary>Writes a counter. The caller sees to it that nobody else writes the same key meanwhile.</summary>
    /// <exception cref="StorageException">The files have failed.</exception>
    public void Write(in CounterKey key, in TCounter value)
    {
        ThrowIfFaulted();
        ClientSession<CounterKey, TCounter, TCounter, TCounter, Empty, CounterFunctions<TCounter>> session = Rent();
        CounterKey copy = key;
        TCounter desired = value;
        Status status = session.Upsert(ref copy, ref desired);
        if (status.IsPending) session.CompletePending(wait: true);
        Return(session);
    }

    /// <summary>
    /// Writes a snapshot while reads and writes go on, and returns its name once it is on disk. It holds at least every write that had
    /// returned before the call. Earlier checkpoints stay until <see cref="RemoveCheckpointsExcept"/>.
    /// </summary>
    /// <exception cref="StorageException">The checkpoint could not be written; the store goes on unless <see cref="Fault"/> is set.</exception>
    /// <exception cref="InvalidOperationException">Another checkpoint is under way.</exception>
    public async Task<Guid> CheckpointAsync(CancellationToken ct = default)
    {
        ThrowIfFaulted();
        if (_store.Log.HeadAddress - _store.Log.BeginAddress > _compactAbove) await Task.Run(Compact, ct).ConfigureAwait(false);
        _files.BeginCheckpoint();
        (bool success, Guid token) = await _store.TakeFullCheckpointAsync(CheckpointType.Snapshot, ct).ConfigureAwait(false);
        if (!success) throw new InvalidOperationException("another checkpoint of the counters is under way");
        if (_files.CheckpointFailure is null) Seal(token);
        ThrowIfFaulted();
        if (_files.CheckpointFailure is not { } failure) return token;
        _files.RemoveCheckpoint(token);
        throw failure as StorageException ?? new StorageException(
            $"a checkpoint of the counters failed: {failure.Message}; the one before stays in force: free space on the disk or repair it", failure);
    }

    /// <summary>Removes a checkpoint that no manifest names.</summary>
    internal void RemoveCheckpoint(Guid checkpoint) => _files.RemoveCheckpoint(checkpoint);

    /// <summary>Removes every checkpoint but this, the newest one; call it once the manifest that names it is durable.</summary>
    public void RemoveCheckpointsExcept(Guid checkpoint)
    {
        _files.RemoveAllBut(checkpoint);
        foreach (int segment in _files.LogSegmentsBelow(_checkpointBegin, _segmentBytes)) _device.Delete(segment);
    }

    public void Dispose()
    {
        _spare?.Dispose();
        while (_sessions.TryTake(out ClientSession<CounterKey, TCounter, TCounter, TCounter, Empty, CounterFunctions<TCounter>>? session))
        {
            session.Dispose();
        }

        _store.Dispose();
        _writes.Dispose();
        _device.Dispose();
        _checkpoints.Dispose();
    }

    /// <summary>Makes what FASTER wrote of a checkpoint durable.</summary>
    private void Seal(Guid token)
    {
        try
        {
            HybridLogRecoveryInfo info = InfoOf(token);
            if (IsOvertaken(info))
            {
                throw new StorageException("the counters changed faster than their checkpoint could be written; the one before stays in force");
            }

            _checkpointBegin = info.beginAddress;
            // Not where the snapshot starts: what was flushed to the log while it was written is read back from the log.
            _files.SaveCheckpoint(token, info.beginAddress, info.flushedLogicalAddress, _segmentBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StorageException || _files.CheckpointFailure is not null)
        {
            _files.FailCheckpoint(e);
        }
    }

    private HybridLogRecoveryInfo InfoOf(Guid token)
    {
        HybridLogRecoveryInfo info = new();
        using StreamReader reader = new(new MemoryStream(_checkpoints.GetLogCheckpointMetadata(token, null, false, -1)));
        info.Initialize(reader);
        return info;
    }

    /// <summary>Whether more was written while the checkpoint was than memory holds. FASTER accepts it, and its recovery waits for ever.</summary>
    private bool IsOvertaken(HybridLogRecoveryInfo info)
    {
        // Recovery takes the records of the next version out of the log, and a page that it changed is not followed by the one that takes its
        // place in memory. Nor does it end where the log was flushed beyond the snapshot's end.
        long pagesSinceStart = ((info.flushedLogicalAddress + _pageBytes - 1) / _pageBytes) - (info.startLogicalAddress / _pageBytes);
        return pagesSinceStart > _memoryPages || info.flushedLogicalAddress > info.finalLogicalAddress;
    }

    private static CounterStore<TCounter> Create(CounterFiles files, CounterStoreOptions options)
    {
        WriteQueue writes = new("counters");
        CheckedDevice device = new(files, files.LogPath, writes);
        DeviceLogCommitCheckpointManager checkpoints = new(files, new DefaultCheckpointNamingScheme(files.CheckpointsPath), removeOutdated: false);
        FasterKV<CounterKey, TCounter> store = new(
            options.IndexBytes / 64,
            new LogSettings
            {
                LogDevice = device,
                PageSizeBits = BitOperations.Log2((uint)options.PageBytes),
                MemorySizeBits = BitOperations.Log2((ulong)options.PageBytes * (ulong)options.MemoryPages),
                SegmentSizeBits = BitOperations.Log2((uint)options.SegmentBytes),
                MutableFraction = 0.9,
            },
            new CheckpointSettings { CheckpointManager = checkpoints, RemoveOutdated = false },
            comparer: new CounterKeyComparer(),
            tryRecoverLatest: false);
        return new CounterStore<TCounter>(store, files, device, writes, checkpoints, options);
    }

    private static Status CompleteRead(
        ClientSession<CounterKey, TCounter, TCounter, TCounter, Empty, CounterFunctions<TCounter>> session, ref TCounter output)
    {
        session.CompletePendingWithOutputs(out CompletedOutputIterator<CounterKey, TCounter, TCounter, TCounter, Empty> completed, wait: true);
        using (completed)
        {
            if (!completed.Next()) throw new InvalidOperationException("a pending read ended without a result");
            output = completed.Current.Output;
            return completed.Current.Status;
        }
    }

    /// <summary>Copies what is current in the part on disk to the end and gives up that part; its files go when no checkpoint needs them.</summary>
    private void Compact()
    {
        ClientSession<CounterKey, TCounter, TCounter, TCounter, Empty, CounterFunctions<TCounter>> session = Rent();
        session.Compact(_store.Log.HeadAddress, CompactionType.Lookup);
        Return(session);
        _compactAbove = Math.Max(_compactAboveBytes, 2 * (_store.Log.TailAddress - _store.Log.BeginAddress));
    }

    private void ThrowIfFaulted()
    {
        if (_files.Failure is not null) throw Fault!;
    }

    private ClientSession<CounterKey, TCounter, TCounter, TCounter, Empty, CounterFunctions<TCounter>> Rent() =>
        Interlocked.Exchange(ref _spare, null) is { } spare ? spare
            : _sessions.TryTake(out ClientSession<CounterKey, TCounter, TCounter, TCounter, Empty, CounterFunctions<TCounter>>? session) ? session
            : _store.For(new CounterFunctions<TCounter>()).NewSession<CounterFunctions<TCounter>>();

    private void Return(ClientSession<CounterKey, TCounter, TCounter, TCounter, Empty, CounterFunctions<TCounter>> session)
    {
        if (Interlocked.CompareExchange(ref _spare, session, null) is not null) _sessions.Add(session);
    }
}
