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

    /// <summary>How long after their moment requests were sent: with direct it is the lab's own doing.</summary>
    public LatencyHistogram Lateness { get; } = new();

    /// <summary>All requests answered, warm-up included: these are what the books must show.</summary>
    public long Answered { get; set; }

    /// <summary>Streams that the client left before their end.</summary>
    public long Left { get; set; }

    /// <summary>Streams that are over, whatever their end.</summary>
    public long Ended { get; set; }

    /// <summary>Open loop: due but never sent, because the target was too far behind.</summary>
    public long Unsent { get; set; }

    public long LateEvents { get; set; }

    public long Errors { get; private set; }

    /// <summary>The first thing that went wrong.</summary>
    public string? Fault { get; private set; }

    public void Fail(string fault)
    {
        Errors++;
        Fault ??= fault;
    }

    /// <summary>Takes the memory of streams' histograms now.</summary>
    public void Reserve()
    {
        Gaps.Reserve();
        Total.Reserve();
        Service.Reserve();
        FirstEvent.Reserve();
    }

    public void Add(Tally other)
    {
        Total.Add(other.Total);
        FirstEvent.Add(other.FirstEvent);
        Service.Add(other.Service);
        Gaps.Add(other.Gaps);
        Lateness.Add(other.Lateness);
        Answered += other.Answered;
        Left += other.Left;
        Ended += other.Ended;
        Unsent += other.Unsent;
        LateEvents += other.LateEvents;
        Errors += other.Errors;
        Fault ??= other.Fault;
    }
}
