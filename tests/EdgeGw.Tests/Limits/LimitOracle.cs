using EdgeGw.Configuration;

namespace EdgeGw.Tests.Limits;

/// <summary>A list of all that was ever taken, and each algorithm's definition over it.</summary>
internal sealed class LimitOracle(LimitConfig limit)
{
    private readonly List<Entry> _entries = [];

    private long Window => limit.Window.Ticks;

    /// <summary>What a slot of a sliding window may make a call wait beyond the window.</summary>
    private long Slack => (Window / 60) + 1;

    public Entry Add(long time, long units)
    {
        var entry = new Entry(time) { Units = units };
        _entries.Add(entry);
        return entry;
    }

    /// <summary>Whatever the implementation does, it must not admit more than this.</summary>
    public bool Allows(long now, long units) => limit.Algorithm switch
    {
        // The arrival curve: in no time, however short or long, more than a burst and what came back in that time.
        LimitAlgorithm.Gcra => _entries.Select(entry => entry.Time).Append(now).All(since =>
            (Int128)(Sum(since - 1, now) + units) * Window <= ((Int128)(limit.Burst ?? limit.Amount) * Window) + ((Int128)limit.Amount * (now - since))),
        LimitAlgorithm.Fixed => _entries.Where(entry => entry.Time / Window == now / Window).Sum(entry => entry.Units) + units <= limit.Amount,
        _ => Sum(now - Window, now) + units <= limit.Amount,
    };

    /// <summary>What it must not refuse.</summary>
    public bool Demands(long now, long units) =>
        limit.Algorithm == LimitAlgorithm.Sliding ? Sum(now - Window - Slack, now) + units <= limit.Amount : Allows(now, units);

    /// <summary>The most that was taken in any window's time.</summary>
    public long Most => _entries.Select(entry => Sum(entry.Time - Window, entry.Time)).DefaultIfEmpty().Max();

    private long Sum(long after, long until) => _entries.Where(entry => entry.Time > after && entry.Time <= until).Sum(entry => entry.Units);

    internal sealed record Entry(long Time)
    {
        public long Units { get; set; }
    }
}
