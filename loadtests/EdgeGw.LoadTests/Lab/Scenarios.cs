using EdgeGw.LoadTests.Provider;
using static EdgeGw.LoadTests.Lab.Depth;

namespace EdgeGw.LoadTests.Lab;

/// <summary>All that the lab can measure.</summary>
internal static class Scenarios
{
    private const int Million = 1_000_000;
    private static readonly Order Instant = new(0, 0, 0);
    private static readonly Order Thinking = new(20, 0, 0);
    private static readonly Order Fast64 = new(0, 64, 0);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        // The headline: plain text and TLS to the provider.
        new("unary 1 KB, 1 connection", Quick, Instant),
        new("unary 1 KB, 1 connection, TLS to the provider", Main, Instant) { TlsUpstream = true },
        new("unary 1 KB, 16 connections", Ci, Instant, 16),
        new("unary 1 KB, 16 connections, TLS to the provider", Quick, Instant, 16) { TlsUpstream = true },
        new("unary 1 KB after 20 ms, 16 connections", Ci, Thinking, 16),
        new("unary 1 KB after 20 ms, 16 connections, TLS to the provider", Main, Thinking, 16) { TlsUpstream = true },
        new("stream of 64 chunks at full speed, 1 connection", Ci, Fast64),
        new("stream of 64 chunks at full speed, 1 connection, TLS to the provider", Main, Fast64) { TlsUpstream = true },

        new("unary 1 KB, open loop 100/s", Main, Instant, 16) { Rate = 100 },
        new("unary 1 KB, open loop 1,000/s", Ci, Instant, 32) { Rate = 1000 },
        new("unary 1 KB, open loop 5,000/s", Main, Instant, 64) { Rate = 5000 },
        new("unary 1 KB after 20 ms, open loop 1,000/s", Depth.All, Thinking, 64) { Rate = 1000 },
        new("unary 1 KB, 128 connections", Main, Instant, 128),
        new("unary 1 KB after 20 ms, 1 connection", Depth.All, Thinking),
        new("unary 1 KB after 20 ms, 128 connections", Depth.All, Thinking, 128),
        new("unary 16 KB, 16 connections", Main, Instant, 16) { BodyBytes = 16 * 1024 },
        new("unary 640 KB, 1 connection", Main, Instant) { BodyBytes = 640 * 1024 },
        new("unary 640 KB, 16 connections", Depth.All, Instant, 16) { BodyBytes = 640 * 1024 },
        new("stream of 64 chunks at full speed, 16 connections", Main, Fast64, 16),
        new("stream of 64 chunks at full speed, 128 connections", Depth.All, Fast64, 128),
        new("stream of 1,000 chunks at full speed, 1 connection", Main, new Order(0, 1000, 0)),
        new("stream of 1,000 chunks at full speed, 16 connections", Depth.All, new Order(0, 1000, 0), 16),

        new("unary 1 KB, 16 callers over TLS and HTTP/1.1", Main, Instant, 16) { Client = ClientSide.Tls },
        new("unary 1 KB, 16 callers over TLS and HTTP/2", Main, Instant, 16) { Client = ClientSide.Http2 },
        new("stream of 64 chunks at full speed, 16 callers over TLS and HTTP/2", Depth.All, Fast64, 16) { Client = ClientSide.Http2 },
        new("unary 1 KB, 16 connections, one labelled caller", Main, Instant, 16) { Callers = 1 },
        new("unary 1 KB, 16 connections, 1,000,000 labelled callers", Main, Instant, 16) { Callers = Million },

        new("200 streams of 16 chunks, one each 20 ms", Ci, new Order(0, 16, 20), 200) { IsSwarm = true, UpTo = Quick },
        new("500 streams of 64 chunks, one each 20 ms", Main, new Order(0, 64, 20), 500) { IsSwarm = true },
        new("1,000 streams of 64 chunks, one each 20 ms", Main, new Order(0, 64, 20), 1000) { IsSwarm = true },
        new("2,000 streams of 64 chunks, one each 20 ms", Depth.All, new Order(0, 64, 20), 2000) { IsSwarm = true },
        new("5,000 streams of 64 chunks, one each 20 ms", Depth.All, new Order(0, 64, 20), 5000) { IsSwarm = true },
        new("5,000 streams of 20 chunks, one each 200 ms", Depth.All, new Order(0, 20, 200), 5000) { IsSwarm = true },
        new("200 streams of 1,000 chunks, one each 20 ms", Depth.All, new Order(0, 1000, 20), 200) { IsSwarm = true },
        new("16 slow readers of 8,000 chunks", Main, new Order(0, 8000, 0), 16) { IsSwarm = true, ReadBytes = 64 * 1024 },
        new("100 streams of 64 chunks, one each 20 ms, left after 10", Main, new Order(0, 64, 20), 100) { IsSwarm = true, LeavesAfterEvents = 10 },
    ];

    /// <summary>What runs with these options.</summary>
    public static IReadOnlyList<Scenario> Selected(LabOptions options) =>
    [
        .. All.Where(each => options.Only is { } text
            ? each.Name.Contains(text, StringComparison.OrdinalIgnoreCase)
            : each.Depth <= options.Depth && options.Depth <= each.UpTo),
    ];
}
