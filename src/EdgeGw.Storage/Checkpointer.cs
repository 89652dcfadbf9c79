namespace EdgeGw.Storage;

/// <summary>Takes a checkpoint in the only order that is safe.</summary>
public static class Checkpointer
{
    /// <summary>
    /// Snapshots the counters, waits until everything they may contain is durable in the journal, saves the manifest, removes what it
    /// replaces. Were the manifest saved earlier, a crash could cut records off the journal that the counters already contain; their
    /// sequences would be given out again, and the counters would take the new records for applied.
    /// </summary>
    /// <param name="journal">The journal that the counters are a cache of.</param>
    /// <param name="counters">The counters.</param>
    /// <param name="store">Where the manifest goes.</param>
    /// <param name="applied">A position up to which every record has been applied to the counters.</param>
    /// <param name="sections">Named blobs to keep beside; called after the snapshot, so they may be newer than it, never older.</param>
    /// <param name="ct">Gives up; the previous checkpoint stays.</param>
    /// <exception cref="StorageException">Journal or files have failed; the previous checkpoint stays.</exception>
    public static async Task<CheckpointManifest> TakeAsync<TCounter>(Journal journal, CounterStore<TCounter> counters, CheckpointStore store,
        JournalPosition applied, Func<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>? sections = null, CancellationToken ct = default)
        where TCounter : unmanaged
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(counters);
        ArgumentNullException.ThrowIfNull(store);
        Guid snapshot = await counters.CheckpointAsync(ct).ConfigureAwait(false);
        CheckpointManifest manifest;
        try
        {
            IReadOnlyDictionary<string, ReadOnlyMemory<byte>> blobs = sections?.Invoke() ?? new Dictionary<string, ReadOnlyMemory<byte>>();
            await journal.WaitDurableAsync(journal.LastSequence, ct).ConfigureAwait(false);
            manifest = new CheckpointManifest
            {
                Counters = snapshot,
                ReplayFromAddress = applied.Address,
                ReplayFromSequence = applied.Sequence,
                SequenceBefore = journal.SequenceBefore(applied),
                Sections = blobs,
            };
            store.Save(manifest);
        }
        catch (StorageException)
        {
            // Else each failure would leave another snapshot on a disk that may be full. The sync of the folder may have failed after the rename.
            if (store.LoadLatest()?.Counters != snapshot) counters.RemoveCheckpoint(snapshot);
            throw;
        }

        counters.RemoveCheckpointsExcept(snapshot);
        return manifest;
    }
}
