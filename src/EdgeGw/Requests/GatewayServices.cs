using EdgeGw.Alerts;
using EdgeGw.Audit;
using EdgeGw.Budgets;
using EdgeGw.Identity.Tokens;
using EdgeGw.Limits;
using EdgeGw.Metering.Estimation;
using EdgeGw.Storage;
using EdgeGw.Telemetry;
using EdgeGw.Upstream;
using EdgeGw.Velocity;

namespace EdgeGw.Requests;

/// <summary>What the spine's steps work with: made once at start and kept as long as the process, but for the setup.</summary>
public sealed class GatewayServices
{
    private GatewaySetup _setup = null!;

    /// <summary>What the configuration in force decides. Swapped whole by a reload; requests under way go on with the one that they took.</summary>
    public required GatewaySetup Setup
    {
        get => Volatile.Read(ref _setup);
        set => Volatile.Write(ref _setup, value);
    }

    public required TokenServices Tokens { get; init; }
    public required LimitTable Limits { get; init; }
    public required VelocityGuard Velocity { get; init; }
    public required AlertSink Alerts { get; init; }
    public required BudgetLedger Ledger { get; init; }
    public required Journal Journal { get; init; }
    /// <summary>Why no money can be counted any more until a restart; null while it can.</summary>
    public required Func<StorageException?> StorageFault { get; init; }
    public required UpstreamTransport Transport { get; init; }
    public required DrainLimiter Drains { get; init; }
    public required GatewayMetrics Metrics { get; init; }
    /// <summary>Null: switched off.</summary>
    public RequestLog? RequestLog { get; init; }
    public required RecentRequests Recent { get; init; }
    public required AuditLog Audit { get; init; }
    public required UsageEstimator Estimator { get; init; }
    public required GatewayLog Log { get; init; }
    public required TimeProvider Time { get; init; }
}
