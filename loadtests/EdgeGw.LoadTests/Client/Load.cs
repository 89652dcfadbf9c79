using System.Net;
using System.Net.Security;

namespace EdgeGw.LoadTests.Client;

/// <summary>A load on one target for one cell of the lab.</summary>
internal sealed record Load
{
    public required IPEndPoint To { get; init; }

    public required LabRequest Request { get; init; }

    /// <summary>Null: plain text.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>The runtime's client at this version; null: the lab's own, at HTTP/1.1.</summary>
    public Version? ClientVersion { get; init; }

    /// <summary>Each is kept for the cell.</summary>
    public required int Connections { get; init; }

    public required double Seconds { get; init; }

    /// <summary>At the cell's beginning, answered and accounted for but not measured. Streams of a swarm start spread over it.</summary>
    public required double WarmUpSeconds { get; init; }

    /// <summary>Requests per second that are due whatever the target does; 0: each connection sends when its last answer has ended.</summary>
    public int Rate { get; init; }

    /// <summary>Drawn at random for each request; 0: the request names none.</summary>
    public int Callers { get; init; }

    /// <summary>Null: the target may change the answer's bytes, as long as it is an answer.</summary>
    public required long? ExpectedBytes { get; init; }

    /// <summary>Events of a stream; 0: not one.</summary>
    public int ExpectedEvents { get; init; }

    /// <summary>Nanoseconds between two events above which the second is late; 0: never.</summary>
    public long LateAfter { get; init; }

    /// <summary>Swarm: takes at most this many bytes each <see cref="ReadPauseMilliseconds"/>; 0: all there is, at once.</summary>
    public int ReadBytes { get; init; }

    public int ReadPauseMilliseconds { get; init; }

    /// <summary>Swarm: hangs up after this many events; 0: never.</summary>
    public int LeavesAfterEvents { get; init; }

    public IClientConnection Connect() =>
        ClientVersion is { } version ? new Http2Connection(To, Tls!, version) : new LabConnection(To, Tls);

    /// <returns>What is wrong with an answer; null when nothing is.</returns>
    public string? Judge(in Answer answer) =>
        answer.Status == 200 && (ExpectedBytes is null || answer.Bytes == ExpectedBytes) && (ExpectedEvents == 0 || answer.Events == ExpectedEvents)
            ? null
            : $"status {answer.Status}, {answer.Bytes} bytes instead of {ExpectedBytes}, {answer.Events} events instead of {ExpectedEvents}";
}
