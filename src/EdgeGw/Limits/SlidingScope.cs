namespace EdgeGw.Limits;

/// <summary>What was taken in the last window, by slots of a sixtieth of it. A slot counts until its last moment is a window old, so never too little counts.</summary>
internal sealed class SlidingScope(LimitRule rule) : LimitScope(rule)
{
    public const int SlotsPerWindow = 60;

    /// <summary>One more than fit in a window: it may begin in the middle of one.</summary>
    private readonly long[] _slots = new long[SlotsPerWindow + 1];
    private long _taken;
    private long _oldest;
    private long _newest;
    private long _now;

    public override long Remaining => Rule.Amount - _taken;

    public override bool IsFresh => _taken == 0;

    public override long Reset
    {
        get
        {
            var newest = _newest;
            while (newest >= _oldest && Slot(newest) == 0)
            {
                newest--;
            }
            return newest < _oldest ? 0 : UntilGone(newest);
        }
    }

    public override void Advance(long now)
    {
        _now = Math.Max(_now, now);
        _newest = _now / Rule.SlotTicks;
        var oldest = Math.Max(0, _now - Rule.WindowTicks) / Rule.SlotTicks;
        if (oldest - _oldest >= _slots.Length)
        {
            Array.Clear(_slots);
            _taken = 0;
            _oldest = oldest;
        }
        for (; _oldest < oldest; _oldest++)
        {
            _taken -= Slot(_oldest);
            Slot(_oldest) = 0;
        }
    }

    public override long WaitFor(long units)
    {
        var slot = _oldest;
        for (var missing = _taken + units - Rule.Amount - Slot(slot); missing > 0; missing -= Slot(slot))
        {
            slot++;
        }
        return UntilGone(slot);
    }

    public override Int128 Take(long units)
    {
        Slot(_newest) += units;
        _taken += units;
        return _newest;
    }

    public override void Correct(Int128 mark, long from, long to)
    {
        var slot = to > from ? _newest : (long)mark;
        if (slot >= _oldest)
        {
            Slot(slot) += to - from;
            _taken += to - from;
        }
    }

    private ref long Slot(long number) => ref _slots[number % _slots.Length];

    private long UntilGone(long slot) => ((slot + 1) * Rule.SlotTicks) + Rule.WindowTicks - _now;
}
