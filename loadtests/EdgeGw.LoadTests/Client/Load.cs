using System.Net;

namespace EdgeGw.LoadTests.Client;

/// <summary>A load on one target for one cell of the lab.</summary>
internal sealed record Load
{
    public required IPEndPoint To { get; init; }

    public required byte[] Request { get; init; }

    /// <summary>Each has a thread and a connection of its own, kept for the cell.</summary>
    public required int Connections { get; init; }

    public required double Seconds { get; init; }

    /// <summary>At the cell's beginning, answered and accounted for but not measured.</summary>
    public required double WarmUpSeconds { get; init; }

    /// <summary>Requests per second that are due whatever the target does; 0: each connection sends when its last answer has ended.</summary>
    public int Rate { get; init; }

    /// <summary>Each connection makes exactly this many requests, starting spread over the warm-up, all of them measured; 0: as long as the cell lasts.</summary>
    public int Times { get; init; }

    public required long ExpectedBytes { get; init; }

    /// <summary>Events of a stream; 0: not one.</summary>
    public int ExpectedEvents { get; init; }

    /// <summary>Nanoseconds between two events above which the second is late; 0: never.</summary>
    public long LateAfter { get; init; }
}
