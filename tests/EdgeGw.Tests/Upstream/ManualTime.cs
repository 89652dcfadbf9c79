namespace EdgeGw.Tests.Upstream;

/// <summary>A clock that moves only when told to, with timers that fire then.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private long _now = TimeSpan.TicksPerDay;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => new(GetTimestamp(), TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_lock)
        {
            _timers.Add(timer);
        }
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        var until = _now + by.Ticks;
        while (true)
        {
            ManualTimer? next;
            lock (_lock)
            {
                next = _timers.Where(t => t.Due <= until).MinBy(static t => t.Due);
                Volatile.Write(ref _now, next is null ? until : Math.Max(_now, next.Due));
            }
            if (next is null)
            {
                return;
            }
            next.Fire();
        }
    }

    private sealed class ManualTimer(ManualTime clock, TimerCallback callback, object? state) : ITimer
    {
        private long _due = long.MaxValue;
        private long _period;

        public long Due => Volatile.Read(ref _due);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period.Ticks;
            Volatile.Write(ref _due, dueTime < TimeSpan.Zero ? long.MaxValue : clock.GetTimestamp() + dueTime.Ticks);
            return true;
        }

        public void Fire()
        {
            Volatile.Write(ref _due, _period > 0 ? _due + _period : long.MaxValue);
            callback(state);
        }

        public void Dispose()
        {
            Volatile.Write(ref _due, long.MaxValue);
            lock (clock._lock)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
