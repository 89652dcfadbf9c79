namespace EdgeGw.LoadTests.Measuring;

/// <summary>What one worker, or after merging all workers of one cell, measured.</summary>
internal sealed class Tally
{
    /// <summary>From the request's start (closed loop) or the moment it was due (open loop) to the answer's end.</summary>
    public LatencyHistogram Total { get; } = new();

    /// <summary>From the request's start to the first whole event of a stream.</summary>
    public LatencyHistogram FirstEvent { get; } = new();

    /// <summary>Open loop: from the actual send to the end, which hides the wait of requests that could not be sent in time.</summary>
    public LatencyHistogram Service { get; } = new();

    public LatencyHistogram Gaps { get; } = new();

    /// <summary>All requests answered, warm-up included: these are what the books must show.</summary>
    public long Answered { get; set; }

    public long LateEvents { get; set; }

    public long Errors { get; set; }

    /// <summary>The first thing that went wrong.</summary>
    public string? Fault { get; set; }

    public void Add(Tally other)
    {
        Total.Add(other.Total);
        FirstEvent.Add(other.FirstEvent);
        Service.Add(other.Service);
        Gaps.Add(other.Gaps);
        Answered += other.Answered;
        LateEvents += other.LateEvents;
        Errors += other.Errors;
        Fault ??= other.Fault;
    }
}
