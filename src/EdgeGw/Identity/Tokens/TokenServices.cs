using EdgeGw.Telemetry;

namespace EdgeGw.Identity.Tokens;

/// <summary>What issuers of every configuration work with: kept as long as the process.</summary>
public sealed record TokenServices(IssuerDocuments Documents, IdentityMetrics Metrics, GatewayLog Log, TimeProvider Time);
