using System.Collections.Concurrent;
using EdgeGw.Identity;

namespace EdgeGw.Telemetry.Rollups;

/// <summary>Usage and cost by hour and by who, what and how. Held in memory, rebuilt from the journal; a cache of it, never the truth.</summary>
/// <remarks>
/// Bounded by <see cref="MaxRows"/>. When that fills, time gives way before identity: hours older than two days become days, days older than
/// two months become months. Only when that is not enough do new combinations share a row whose every value is <c>other</c>; totals are exact always.
/// Caller-chosen names are bounded on their own: 2000 models, 32 metadata names of 1000 values each, and names of refused requests take no room.
/// </remarks>
public sealed class UsageRollup
{
    /// <summary>Rows kept unless the constructor is told otherwise; about half a kilobyte each.</summary>
    public const int DefaultMaxRows = 200_000;

    private ConcurrentDictionary<RollupKey, RollupRow> _rows = new();
    private readonly RollupKeys _keys = new();

    // Held while rows move to a coarser bucket or are read as a whole, so that a report sees each record once. Adding does not need it.
    private readonly Lock _reshaping = new();
    private int _count;
    private long _newestHour = long.MinValue;
    private long _coarsenedAt = long.MinValue;

    public UsageRollup(int maxRows = DefaultMaxRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        MaxRows = maxRows;
    }

    public int MaxRows { get; }

    /// <summary>Rows in use.</summary>
    public int RowCount => Volatile.Read(ref _count);

    /// <summary>Adds a settled record. What a correction cost and used goes to the row of the request that it corrects. Thread-safe.</summary>
    public void Add(UsageRecord record)
    {
        var totals = UsageTotals.Of(record);
        if (record.Corrects is { } corrected)
        {
            AddTo(corrected, totals with { Requests = 0 });
            totals = new UsageTotals(totals.Requests, default, 0);
        }
        AddTo(record, totals);
    }

    /// <summary>Sums by dimensions over a period.</summary>
    /// <param name="by">Names that <see cref="UsageDimension.TryParse"/> takes.</param>
    /// <param name="from">Rounded down to the hour.</param>
    /// <param name="to">Rounded up to the hour; that hour itself is left out. A row counts as a whole in the period that it starts in.</param>
    /// <exception cref="ArgumentException">A dimension is not known.</exception>
    public IReadOnlyList<UsageRow> Query(IReadOnlyList<string> by, DateTimeOffset from, DateTimeOffset to) =>
        Report(Array.ConvertAll([.. by], static name => UsageDimension.TryParse(name, out var dimension)
            ? dimension
            : throw new ArgumentException($"Unknown dimension '{name}'. Known: {UsageDimension.Names}.", nameof(by))), from, to).Rows;

    /// <summary>Like <see cref="Query"/>, with the total and at most <paramref name="limit"/> rows (and one for the rest).</summary>
    public UsageReport Report(IReadOnlyList<UsageDimension> by, DateTimeOffset from, DateTimeOffset to, int limit = int.MaxValue)
    {
        var first = RollupBucket.HourOf(from);
        var end = to.UtcTicks > DateTimeOffset.MaxValue.UtcTicks - TimeSpan.TicksPerHour
            ? long.MaxValue
            : RollupBucket.HourOf(to.AddTicks(TimeSpan.TicksPerHour - 1));
        var report = new RollupReport(by);
        lock (_reshaping)
        {
            foreach (var (key, row) in _rows)
            {
                if (key.Bucket.Hour >= first && key.Bucket.Hour < end)
                {
                    report.Add(key, row.Totals);
                }
            }
        }
        return report.Finish(limit);
    }

    /// <summary>All rows as they are now, for a checkpoint. Whoever takes it holds back <see cref="Add"/> meanwhile if it must match a journal position.</summary>
    internal RollupSnapshot Capture()
    {
        lock (_reshaping)
        {
            var rows = new List<(RollupRow, UsageTotals)>(RowCount);
            foreach (var (_, row) in _rows)
            {
                rows.Add((row, row.Totals));
            }
            return new RollupSnapshot(rows);
        }
    }

    /// <summary>Adds the rows of a checkpoint to those here. Before anybody else uses it.</summary>
    /// <exception cref="InvalidDataException">Malformed or of a newer build; nothing was added.</exception>
    public void Read(ReadOnlySpan<byte> data)
    {
        var rows = RollupSnapshot.Read(data);
        if (_rows.IsEmpty)
        {
            // As large as needed at once: growing makes every entry anew.
            _rows = new(Environment.ProcessorCount, rows.Count);
        }
        foreach (var row in rows)
        {
            Advance(row.Key.Bucket.Hour);
            if (RowCount < MaxRows && _rows.TryAdd(row.Key, row))
            {
                Interlocked.Increment(ref _count);
            }
            else
            {
                AddTotals(row.Key, row.Totals);
            }
        }
    }

    /// <summary>Puts a pseudonym in the place of a person's names; rows that become alike are one. Whoever calls it holds back <see cref="Add"/>.</summary>
    /// <returns>How many rows named the person.</returns>
    internal int Erase(Erasure person)
    {
        var erased = 0;
        lock (_reshaping)
        {
            foreach (var (key, row) in _rows)
            {
                if (key.TryErase(person, out var other))
                {
                    Merge(row, other);
                    erased++;
                }
            }
        }
        return erased;
    }

    private void AddTo(UsageRecord record, in UsageTotals totals)
    {
        var notes = record.Metadata.Count == 0 ? record.Principal.Notes : null;
        var bucket = new RollupBucket(RollupBucket.HourOf(record.Time), RollupResolution.Hour);
        if (RememberedRow.TryAdd(this, notes, record, bucket, totals))
        {
            return;
        }
        var key = _keys.Of(record);
        Advance(bucket.Hour);
        RememberedRow.Keep(this, notes, record, bucket, AddTotals(key, totals));
    }

    private RollupRow AddTotals(in RollupKey key, in UsageTotals totals)
    {
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

    private RollupRow NewRow(RollupKey key)
    {
        if (RowCount >= MaxRows && !Coarsen())
        {
            key = RollupKeys.Overflow(key.Bucket);
            if (_rows.TryGetValue(key, out var overflow))
            {
                return overflow;
            }
        }
        key = key.Keep();
        var row = new RollupRow(key);
        var kept = _rows.GetOrAdd(key, row);
        if (ReferenceEquals(kept, row))
        {
            Interlocked.Increment(ref _count);
        }
        return kept;
    }

    /// <summary>Merges old rows, once an hour at most; true when there is room now.</summary>
    private bool Coarsen()
    {
        lock (_reshaping)
        {
            var now = Volatile.Read(ref _newestHour);
            if (_coarsenedAt == now)
            {
                return RowCount < MaxRows;
            }
            _coarsenedAt = now;
            foreach (var (key, row) in _rows)
            {
                var coarser = key.Bucket.Coarser(now);
                if (coarser != key.Bucket)
                {
                    Merge(row, key with { Bucket = coarser });
                }
            }
            return RowCount < MaxRows;
        }
    }

    private void Merge(RollupRow row, in RollupKey target)
    {
        var totals = row.Retire();
        if (_rows.TryRemove(row.Key, out _))
        {
            Interlocked.Decrement(ref _count);
        }
        // Straight to the dictionary: this must not ask for room, which is what it is making.
        while (true)
        {
            var fresh = new RollupRow(target);
            var kept = _rows.GetOrAdd(target, fresh);
            if (ReferenceEquals(kept, fresh))
            {
                Interlocked.Increment(ref _count);
            }
            if (kept.TryAdd(totals))
            {
                return;
            }
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
