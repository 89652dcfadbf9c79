using System.Collections.Concurrent;
using EdgeGw.Identity;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>The rows of a rollup by their keys: those of the checkpoint that was started from, and those made since. Bounded.</summary>
internal sealed class RollupTable(int maxRows)
{
    private readonly ConcurrentDictionary<RollupKey, RollupRow> _rows = new();
    private StoredRows _stored = StoredRows.None;

    // Held while rows move to another key or are read as a whole, so that a report sees each record once. Adding does not need it.
    private readonly Lock _reshaping = new();

    // Rows beside the stored ones.
    private int _count;
    private long _newestHour = long.MinValue;
    private long _coarsenedAt = long.MinValue;

    /// <summary>The row that what there is no room for was last added to.</summary>
    private RollupRow? _overflow;

    private delegate bool Change(in RollupKey key, out RollupKey other);

    internal int Count => Volatile.Read(ref _count) + Volatile.Read(ref _stored).Count;

    /// <summary>The row of that key, or the one for all that there is no room for.</summary>
    internal RollupRow Add(in RollupKey key, in UsageTotals totals)
    {
        Advance(key.Bucket.Hour);
        while (true)
        {
            if (!_rows.TryGetValue(key, out var row))
            {
                row = NewRow(key);
            }
            if (row.TryAdd(totals))
            {
                return row;
            }
        }
    }

    /// <summary>Adds the rows of a checkpoint to those here. Before anybody else uses it. An empty table takes all of them, also more than its bound.</summary>
    /// <exception cref="InvalidDataException">Malformed or of a newer build; nothing was added.</exception>
    internal void Read(ReadOnlyMemory<byte> data)
    {
        var stored = RollupSnapshot.Read(data, out var again);
        if (Count > 0)
        {
            again.AddRange(stored.Keys);
        }
        else
        {
            _stored = stored;
            foreach (var place in stored.Keys)
            {
                Advance(stored.BucketOf(place).Hour);
            }
        }
        foreach (var place in again)
        {
            Add(stored.KeyOf(place, known: null), stored.TotalsOf(place));
        }
    }

    internal RollupSnapshot Capture()
    {
        lock (_reshaping)
        {
            var rows = new List<(RollupRow, BytePlace?, UsageTotals)>(Volatile.Read(ref _count));
            foreach (var (_, row) in _rows)
            {
                rows.Add((row, row.Stored, row.Totals));
            }
            return new RollupSnapshot(_stored, rows);
        }
    }

    /// <summary>Adds the rows of a period to a report.</summary>
    internal void Report(RollupReport report, long firstHour, long endHour)
    {
        lock (_reshaping)
        {
            foreach (var (key, row) in _rows)
            {
                if (IsIn(key.Bucket))
                {
                    report.Add(key, row.Totals);
                }
            }
            var known = new TextCache();
            foreach (var place in _stored.Keys)
            {
                if (IsIn(_stored.BucketOf(place)))
                {
                    report.Add(_stored.KeyOf(place, known), _stored.TotalsOf(place));
                }
            }
        }

        bool IsIn(in RollupBucket bucket) => bucket.Hour >= firstHour && bucket.Hour < endHour;
    }

    /// <summary>Puts a pseudonym in the place of a person's names; rows that become alike are one. Whoever calls it holds back <see cref="Add"/>.</summary>
    /// <returns>How many rows named the person.</returns>
    internal int Erase(Erasure person)
    {
        lock (_reshaping)
        {
            return Reshape(static _ => true, (in RollupKey key, out RollupKey erased) => key.TryErase(person, out erased));
        }
    }

    private RollupRow NewRow(in RollupKey key)
    {
        var stored = Volatile.Read(ref _stored).Find(key);
        return stored is null && Count >= maxRows && !Coarsen() ? Overflow(key.Bucket) : GetOrMake(key.Keep(), stored);
    }

    private RollupRow Overflow(in RollupBucket bucket)
    {
        if (Volatile.Read(ref _overflow) is { IsRetired: false } last && last.Key.Bucket == bucket)
        {
            return last;
        }
        var key = RollupKeys.Overflow(bucket);
        var row = GetOrMake(key, Volatile.Read(ref _stored).Find(key));
        Volatile.Write(ref _overflow, row);
        return row;
    }

    private RollupRow GetOrMake(in RollupKey key, BytePlace? stored)
    {
        var row = new RollupRow(key, stored);
        var kept = _rows.GetOrAdd(key, row);
        if (ReferenceEquals(kept, row) && stored is null)
        {
            Interlocked.Increment(ref _count);
        }
        return kept;
    }

    /// <summary>Merges old rows, once an hour at most; true when there is room now.</summary>
    private bool Coarsen()
    {
        var now = Volatile.Read(ref _newestHour);
        if (Volatile.Read(ref _coarsenedAt) == now)
        {
            return Count < maxRows;
        }
        lock (_reshaping)
        {
            if (_coarsenedAt != now)
            {
                CoarsenAt(now);
                Volatile.Write(ref _coarsenedAt, now);
            }
            return Count < maxRows;
        }
    }

    private void CoarsenAt(long now) => Reshape(
        bucket => bucket.Coarser(now) != bucket,
        (in RollupKey key, out RollupKey coarser) =>
        {
            coarser = key with { Bucket = key.Bucket.Coarser(now) };
            return coarser.Bucket != key.Bucket;
        });

    /// <summary>Moves rows to other keys.</summary>
    /// <param name="mayChange">False for buckets none of whose rows changes; stored ones are then not decoded.</param>
    /// <returns>How many changed.</returns>
    private int Reshape(Predicate<RollupBucket> mayChange, Change change)
    {
        var leaving = new List<BytePlace>();
        var (stored, known) = (_stored, new TextCache());
        foreach (var place in stored.Keys)
        {
            if (mayChange(stored.BucketOf(place)) && stored.KeyOf(place, known) is var key && change(key, out var other))
            {
                leaving.Add(place);
                AddMoved(other, stored.TotalsOf(place));
            }
        }
        Volatile.Write(ref _stored, stored.Without(leaving));
        var changed = leaving.Count;
        foreach (var (key, row) in _rows)
        {
            if (change(key, out var other))
            {
                var totals = row.Retire();
                if (_rows.TryRemove(key, out _) && row.Stored is null)
                {
                    Interlocked.Decrement(ref _count);
                    changed++;
                }
                AddMoved(other, totals);
            }
        }
        return changed;
    }

    /// <summary>Straight to the row: this must not ask for room, which is what reshaping may be making.</summary>
    private void AddMoved(in RollupKey target, in UsageTotals totals)
    {
        while (!GetOrMake(target, _stored.Find(target)).TryAdd(totals))
        {
        }
    }

    private void Advance(long hour)
    {
        var seen = Volatile.Read(ref _newestHour);
        while (hour > seen)
        {
            var before = Interlocked.CompareExchange(ref _newestHour, hour, seen);
            if (before == seen)
            {
                return;
            }
            seen = before;
        }
    }
}
