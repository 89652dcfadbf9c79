namespace EdgeGw.Tests.Velocity;

/// <summary>The guard as its documentation reads, computed anew from the list of all that was ever spent.</summary>
internal sealed class VelocityOracle(double factor, long minimum, int learnHours)
{
    private const long Slot = 30 * TimeSpan.TicksPerSecond;
    private readonly List<(long Time, long Cost)> _events = [];
    private bool _inEpisode;

    public int Episodes { get; private set; }

    public bool InEpisode(long now)
    {
        _inEpisode = _inEpisode && Sum(now) > Limit(now) / 2;
        return _inEpisode;
    }

    public void Spend(long now, long cost)
    {
        InEpisode(now);
        _events.Add((now, cost));
        if (!_inEpisode && Sum(now) > Limit(now))
        {
            _inEpisode = true;
            Episodes++;
        }
    }

    public bool IsOver(long now) => Sum(now) > Limit(now);

    /// <summary>What was spent in the newest ten half minutes.</summary>
    public long Sum(long now) => _events.Where(each => each.Time / Slot > (now / Slot) - 10).Sum(each => each.Cost);

    public long Threshold(long now) => (long)Math.Max(Baseline(now) * factor, minimum);

    private long Limit(long now) => Threshold(now) / 12;

    private double Baseline(long now)
    {
        var baseline = 0.0;
        var hours = 0;
        foreach (var hour in _events.Where(each => each.Cost > 0).GroupBy(each => each.Time / TimeSpan.TicksPerHour).Where(group => group.Key < now / TimeSpan.TicksPerHour).OrderBy(group => group.Key))
        {
            hours = Math.Min(hours + 1, learnHours);
            baseline += (Math.Min(hour.Sum(each => each.Cost), Math.Max(2 * baseline, minimum / factor)) - baseline) / hours;
        }
        return baseline;
    }
}
