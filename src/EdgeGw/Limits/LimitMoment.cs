namespace EdgeGw.Limits;

/// <summary>One moment on both clocks, read once for all limits of a call.</summary>
/// <param name="Timestamp">Monotonic.</param>
/// <param name="Clock">Ticks of UTC; zero where no limit goes by them.</param>
internal readonly record struct LimitMoment(long Timestamp, long Clock);
