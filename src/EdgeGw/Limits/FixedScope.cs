namespace EdgeGw.Limits;

/// <summary>A count that starts anew with each window of the wall clock. A clock that is set into another window starts that one.</summary>
internal sealed class FixedScope(LimitRule rule) : LimitScope(rule)
{
    private long _taken;
    private long _window;
    private long _now;

    public override long Remaining => Rule.Amount - _taken;

    public override long Reset => IsFresh ? 0 : WindowEnd;

    public override bool IsFresh => _taken == 0;

    private long WindowEnd => ((_window + 1) * Rule.WindowTicks) - _now;

    public override void Advance(long now)
    {
        _now = now;
        var window = now / Rule.WindowTicks;
        if (window != _window)
        {
            _window = window;
            _taken = 0;
        }
    }

    public override long WaitFor(long units) => WindowEnd;

    public override Int128 Take(long units)
    {
        _taken += units;
        return _window;
    }

    public override void Correct(Int128 mark, long from, long to)
    {
        if (to > from || mark == _window)
        {
            // A clock that was set forth and back finds its window empty.
            _taken = Math.Max(0, _taken + to - from);
        }
    }
}
