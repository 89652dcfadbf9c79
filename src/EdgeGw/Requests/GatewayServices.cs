using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Limits;
using EdgeGw.Metering.Estimation;
using EdgeGw.Pricing;
using EdgeGw.Routing;
using EdgeGw.Storage;
using EdgeGw.Telemetry;
using EdgeGw.Upstream;

namespace EdgeGw.Requests;

/// <summary>What the spine's steps work with; made once at start.</summary>
public sealed record GatewayServices
{
    public required GatewayConfig Config { get; init; }
    public required Router Router { get; init; }
    public required Identifier Identifier { get; init; }
    public required PriceBook Prices { get; init; }
    public required LimitTable Limits { get; init; }
    public required BudgetLedger Ledger { get; init; }
    public required Journal Journal { get; init; }
    public required UpstreamTransport Transport { get; init; }
    public required DrainLimiter Drains { get; init; }
    public required GatewayMetrics Metrics { get; init; }
    /// <summary>Null: switched off.</summary>
    public RequestLog? RequestLog { get; init; }
    public required RecentRequests Recent { get; init; }
    public required UsageEstimator Estimator { get; init; }
    public required GatewayLog Log { get; init; }
    public required TimeProvider Time { get; init; }
}
