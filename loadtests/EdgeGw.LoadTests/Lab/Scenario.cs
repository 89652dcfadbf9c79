using EdgeGw.LoadTests.Provider;

namespace EdgeGw.LoadTests.Lab;

/// <summary>One kind of load, the same for every target.</summary>
/// <param name="Name">As in the report.</param>
/// <param name="Rate">Requests per second of the open loop; 0: closed loop.</param>
/// <param name="Times">Requests a connection; 0: as many as fit into the cell.</param>
/// <param name="CountsLate">Events later than ten times the pace are counted.</param>
internal sealed record Scenario(string Name, Order Order, int Connections, int Rate = 0, int Times = 0, bool CountsLate = false)
{
    private const int LateFactor = 10;

    public bool IsStream => Order.Chunks > 0;

    /// <summary>Nanoseconds; 0: nothing counts as late.</summary>
    public long LateAfter => CountsLate ? Measuring.Clock.Milliseconds(LateFactor * Order.PaceMilliseconds) : 0;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("unary 1 KB, 1 connection", new Order(0, 0, 0), 1),
        new("unary 1 KB, 16 connections", new Order(0, 0, 0), 16),
        new("unary 1 KB, open loop 1,000/s", new Order(0, 0, 0), 32, Rate: 1000),
        new("stream of 64 chunks at full speed, 1 connection", new Order(0, 64, 0), 1),
        new("stream of 64 chunks at full speed, 16 connections", new Order(0, 64, 0), 16),
        new("unary 1 KB after 20 ms, 1 connection", new Order(20, 0, 0), 1),
        new("unary 1 KB after 20 ms, 16 connections", new Order(20, 0, 0), 16),
        new("200 streams of 64 chunks, one each 20 ms", new Order(0, 64, 20), 200, Times: 1, CountsLate: true),
    ];
}
