using EdgeGw.Identity;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;
using Outcome = EdgeGw.Requests.Outcome;

namespace EdgeGw.Tests.Telemetry.Rollups;

internal static class RollupSample
{
    /// <summary>A user's completed call of a thousand nano-dollars.</summary>
    public static UsageRecord Record(string user, DateTimeOffset time) => new()
    {
        Id = Guid.NewGuid(),
        Time = time,
        Principal = new Principal { User = user },
        Model = "m",
        Status = 200,
        Outcome = Outcome.Completed,
        Cost = new NanoUsd(1000),
    };
}
