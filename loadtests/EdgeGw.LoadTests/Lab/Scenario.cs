using EdgeGw.LoadTests.Measuring;
using EdgeGw.LoadTests.Provider;

namespace EdgeGw.LoadTests.Lab;

/// <summary>One kind of load, the same for every target.</summary>
/// <param name="Name">As in the report.</param>
/// <param name="Depth">The least depth at which it runs.</param>
internal sealed record Scenario(string Name, Depth Depth, Order Order, int Connections = 1)
{
    private const int LateFactor = 10;
    private const int SmallBody = 1024;

    /// <summary>The greatest depth at which it runs, when a longer one takes its place.</summary>
    public Depth UpTo { get; init; } = Depth.All;

    public int BodyBytes { get; init; } = SmallBody;

    /// <summary>Requests per second of the open loop; 0: closed loop.</summary>
    public int Rate { get; init; }

    public ClientSide Client { get; init; }

    /// <summary>The provider is called over TLS, on kept connections.</summary>
    public bool TlsUpstream { get; init; }

    /// <summary>Distinct callers by a label; 0: only the key.</summary>
    public int Callers { get; init; }

    /// <summary>Each connection makes one request, all at once, served by one thread.</summary>
    public bool IsSwarm { get; init; }

    /// <summary>Swarm: each stream takes so many bytes every 20 ms; 0: at once.</summary>
    public int ReadBytes { get; init; }

    /// <summary>Swarm: every caller hangs up after so many events; 0: none.</summary>
    public int LeavesAfterEvents { get; init; }

    public bool IsStream => Order.Chunks > 0;

    /// <summary>Chunks later than ten times the pace are counted; a target without any, and with every chunk, is clean.</summary>
    public bool CountsLate => IsSwarm && Order.PaceMilliseconds > 0 && LeavesAfterEvents == 0;

    /// <summary>Nanoseconds; 0: nothing counts as late.</summary>
    public long LateAfter => CountsLate ? Clock.Milliseconds(LateFactor * Order.PaceMilliseconds) : 0;

    /// <summary>How long one stream takes by its pace.</summary>
    public double StreamSeconds => (Order.DelayMilliseconds + Order.Chunks * Order.PaceMilliseconds) / 1000.0;

    /// <summary>The name and the times that the summary shows; null for those that only the books and the memory are of interest in.</summary>
    public (string Name, Func<Tally, LatencyHistogram> Of)? Headline => LeavesAfterEvents > 0 || ReadBytes > 0 ? null
        : IsSwarm ? ("first chunk", tally => tally.FirstEvent)
        : (IsStream ? "whole stream" : Rate > 0 ? "since due" : "answer", tally => tally.Total);
}
