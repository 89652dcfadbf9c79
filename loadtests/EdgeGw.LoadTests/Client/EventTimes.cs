using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Client;

/// <summary>Times of a stream's events: the first one, and the gaps between them.</summary>
/// <param name="gaps">Takes the gaps; shared by all streams of one thread, since each histogram is 100 KB.</param>
internal sealed class EventTimes(LatencyHistogram gaps)
{
    private int _seen;
    private long _last;

    /// <summary>When the first whole event was here; 0 before.</summary>
    public long First { get; private set; }

    /// <summary>Gaps above <see cref="LateAfter"/>.</summary>
    public long Late { get; private set; }

    /// <summary>In nanoseconds; 0: none counts as late.</summary>
    public long LateAfter { get; set; }

    public void Begin()
    {
        _seen = 0;
        _last = 0;
        First = 0;
    }

    /// <param name="events">Whole events of this stream so far.</param>
    public void Arrived(int events, long now)
    {
        if (events == _seen)
        {
            return;
        }
        if (_seen == 0)
        {
            First = now;
        }
        else
        {
            gaps.Record(now - _last);
            Late += LateAfter > 0 && now - _last > LateAfter ? 1 : 0;
        }
        if (events - _seen > 1)
        {
            gaps.Record(0, events - _seen - 1);
        }
        _seen = events;
        _last = now;
    }
}
