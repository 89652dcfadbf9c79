using System.Collections.Concurrent;
using FASTER.core;

namespace EdgeGw.Storage;

/// <summary>
/// Fixed-size counters by key, in memory as far as they fit and on disk beyond. A cache of the journal: durable only as of the last
/// checkpoint. Any number of threads may use it, but only one at a time may write a given key.
/// </summary>
public sealed class CounterStore<TCounter> : IDisposable
    where TCounter : unmanaged
{
    private const string FolderName = "counters";

    private readonly FasterKV<CounterKey, TCounter> _store;
    private readonly IDevice _device;
    private readonly ICheckpointManager _checkpoints;
    private readonly ConcurrentBag<ClientSession<CounterKey, TCounter, TCounter, TCounter, Empty, CounterFunctions<TCounter>>> _sessions = [];

    private CounterStore(FasterKV<CounterKey, TCounter> store, IDevice device, ICheckpointManager checkpoints)
    {
        _store = store;
        _device = device;
        _checkpoints = checkpoints;
    }

    /// <summary>Opens the store as of a checkpoint, or empty (to be filled by replaying the journal) without one.</summary>
    /// <exception cref="StorageException">The checkpoint is missing or damaged.</exception>
    public static CounterStore<TCounter> Open(DataFolder folder, CounterStoreOptions options, Guid? checkpoint)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(options);
        string path = folder.Combine(FolderName);
        DurableFile.CreateFolder(path);
        IDevice device = Devices.CreateLogDevice(Path.Combine(path, "log"));
        DeviceLogCommitCheckpointManager checkpoints = new(new LocalStorageNamedDeviceFactory(),
            new DefaultCheckpointNamingScheme(Path.Combine(path, "checkpoints")), removeOutdated: false);
        FasterKV<CounterKey, TCounter> store = new(options.IndexBytes / 64,
            new LogSettings
            {
                LogDevice = device,
                PageSizeBits = System.Numerics.BitOperations.Log2((uint)options.PageBytes),
                MemorySizeBits = System.Numerics.BitOperations.Log2((ulong)options.PageBytes * (ulong)options.MemoryPages),
                SegmentSizeBits = System.Numerics.BitOperations.Log2((uint)options.SegmentBytes),
            },
            new CheckpointSettings { CheckpointManager = checkpoints, RemoveOutdated = false },
            comparer: new CounterKeyComparer(),
            tryRecoverLatest: false);
        if (checkpoint is { } token)
        {
            try
            {
                store.Recover(token);
            }
            catch (Exception e)
            {
                store.Dispose();
                device.Dispose();
                throw new StorageException($"counters' checkpoint {token} in {path} cannot be read: {e.Message}; restore the data folder from "
                    + "a backup, or delete the checkpoint file to rebuild everything from the journal", e);
            }
        }

        return new CounterStore<TCounter>(store, device, checkpoints);
    }

    /// <summary>Reads a counter; false when there is none of that key.</summary>
    public bool TryRead(in CounterKey key, out TCounter value)
    {
        var session = Rent();
        TCounter output = default, input = default;
        CounterKey copy = key;
        Status status = session.Read(ref copy, ref input, ref output);
        if (status.IsPending)
        {
            session.CompletePendingWithOutputs(out CompletedOutputIterator<CounterKey, TCounter, TCounter, TCounter, Empty> outputs, wait: true);
            outputs.Next();
            status = outputs.Current.Status;
            output = outputs.Current.Output;
            outputs.Dispose();
        }

        _sessions.Add(session);
        value = output;
        return status.Found;
    }

    /// <summary>Writes a counter. The caller sees to it that nobody else writes the same key meanwhile.</summary>
    public void Write(in CounterKey key, in TCounter value)
    {
        var session = Rent();
        CounterKey copy = key;
        TCounter desired = value;
        Status status = session.Upsert(ref copy, ref desired);
        if (status.IsPending) session.CompletePending(wait: true);
        _sessions.Add(session);
    }

    /// <summary>
    /// Writes a snapshot while reads and writes go on, and returns its name once it is on disk. It holds at least every write that had
    /// returned before the call.
    /// </summary>
    public async Task<Guid> CheckpointAsync(CancellationToken ct = default)
    {
        (bool success, Guid token) = await _store.TakeFullCheckpointAsync(CheckpointType.Snapshot, ct).ConfigureAwait(false);
        if (!success) throw new InvalidOperationException("another checkpoint of the counters is under way");
        return token;
    }

    /// <summary>Removes every checkpoint but this one; call it once the manifest that names it is durable.</summary>
    public void RemoveCheckpointsExcept(Guid checkpoint)
    {
        foreach (Guid token in _checkpoints.GetLogCheckpointTokens().Concat(_checkpoints.GetIndexCheckpointTokens()).Distinct().ToList())
        {
            if (token != checkpoint) _checkpoints.Purge(token);
        }
    }

    public void Dispose()
    {
        while (_sessions.TryTake(out var session)) session.Dispose();
        _store.Dispose();
        _device.Dispose();
        _checkpoints.Dispose();
    }

    private ClientSession<CounterKey, TCounter, TCounter, TCounter, Empty, CounterFunctions<TCounter>> Rent() =>
        _sessions.TryTake(out var session)
            ? session
            : _store.For(new CounterFunctions<TCounter>()).NewSession<CounterFunctions<TCounter>>();
}
