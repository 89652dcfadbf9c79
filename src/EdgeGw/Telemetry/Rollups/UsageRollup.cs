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
    /// <summary>Rows kept unless the constructor is told otherwise; about half a kilobyte each, and a third of that while nothing was used since the checkpoint that they come from.</summary>
    public const int DefaultMaxRows = 200_000;

    private readonly RollupTable _rows;
    private readonly RollupKeys _keys = new();

    public UsageRollup(int maxRows = DefaultMaxRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        MaxRows = maxRows;
        _rows = new RollupTable(maxRows);
    }

    public int MaxRows { get; }

    /// <summary>Rows in use.</summary>
    public int RowCount => _rows.Count;

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
        _rows.Report(report, first, end);
        return report.Finish(limit);
    }

    /// <summary>All rows as they are now, for a checkpoint. Whoever takes it holds back <see cref="Add"/> meanwhile if it must match a journal position.</summary>
    internal RollupSnapshot Capture() => _rows.Capture();

    /// <summary>Adds the rows of a checkpoint to those here. Before anybody else uses it.</summary>
    /// <param name="data">Kept: rows are decoded when somebody asks for them.</param>
    /// <exception cref="InvalidDataException">Malformed or of a newer build; nothing was added.</exception>
    public void Read(ReadOnlyMemory<byte> data) => _rows.Read(data);

    /// <summary>Puts a pseudonym in the place of a person's names; rows that become alike are one. Whoever calls it holds back <see cref="Add"/>.</summary>
    /// <returns>How many rows named the person.</returns>
    internal int Erase(Erasure person) => _rows.Erase(person);

    private void AddTo(UsageRecord record, in UsageTotals totals)
    {
        var bucket = new RollupBucket(RollupBucket.HourOf(record.Time), RollupResolution.Hour);
        if (RememberedRow.TryAdd(this, record, bucket, totals))
        {
            return;
        }
        RememberedRow.Keep(this, record, bucket, _rows.Add(_keys.Of(record), totals));
    }
}
