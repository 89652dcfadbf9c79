namespace EdgeGw.Limits;

/// <summary>Calls at the same time: the ones that run are all there is to count, and no clock says when one ends.</summary>
internal sealed class ConcurrentScope(LimitRule rule) : LimitScope(rule)
{
    public override long Remaining => Rule.Amount - Running;

    public override long Reset => 0;

    public override bool IsFresh => true;

    public override void Advance(long now)
    {
    }

    public override long WaitFor(long units) => 0;

    public override Int128 Take(long units) => 0;

    public override void Correct(Int128 mark, long from, long to)
    {
    }
}
