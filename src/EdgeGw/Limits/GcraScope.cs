namespace EdgeGw.Limits;

/// <summary>The generic cell rate algorithm (ITU-T I.371) in its leaky bucket form, exact: a bucket of the burst's size that drains at the limit's rate.</summary>
/// <remarks>One unit fills the bucket by a window's ticks, and a tick drains the limit's amount, so that no rate needs a fraction.</remarks>
internal sealed class GcraScope(LimitRule rule) : LimitScope(rule)
{
    private Int128 _level;

    /// <summary>All that ever left the bucket. What was taken stands in the bucket behind all before it, so it has left when this reaches its mark.</summary>
    private Int128 _left;
    private long _now;

    public override long Remaining => (long)((Filled(Rule.Capacity) - _level) / Rule.WindowTicks);

    public override long Reset => Ticks(_level);

    public override bool IsFresh => _level == 0;

    public override void Advance(long now)
    {
        if (_level > 0 && now > _now)
        {
            Drop(Int128.Min(_level, (Int128)(now - _now) * Rule.Amount));
        }
        _now = Math.Max(_now, now);
    }

    public override long WaitFor(long units) => Ticks(_level + Filled(units) - Filled(Rule.Capacity));

    public override Int128 Take(long units)
    {
        _level += Filled(units);
        return _left + _level;
    }

    public override void Correct(Int128 mark, long from, long to)
    {
        if (to > from)
        {
            _level += Filled(to - from);
        }
        else
        {
            // What has drained since must not come back a second time: others have taken its room. What earlier ones got back counts as drained, so
            // that late corrections out of order give back too little rather than too much.
            Drop(Int128.Clamp(mark - _left, 0, Filled(from - to)));
        }
    }

    private void Drop(Int128 amount)
    {
        _level -= amount;
        _left += amount;
    }

    private Int128 Filled(long units) => (Int128)units * Rule.WindowTicks;

    private long Ticks(Int128 level) => (long)((level + Rule.Amount - 1) / Rule.Amount);
}
