using EdgeGw.Configuration;

namespace EdgeGw.Tests.Configuration;

public sealed class LimitConfigTests
{
    [Fact]
    public void Limits_are_bound_with_the_algorithm_that_suits_what_they_count()
    {
        var limits = ConfigFixture.LoadGood("""
            { "limits": [
              { "name": "rpm", "per": ["key"], "requests": 600, "window": "1m", "burst": 20 },
              { "name": "tpm", "match": { "model": ["gpt-*"] }, "per": ["user", "metadata.team"], "tokens": 200000, "window": "1m", "at_limit": "shadow" },
              { "name": "hour", "requests": 5, "window": "1h", "algorithm": "fixed" },
              { "name": "streams", "concurrent": 20 } ] }
            """).Limits;

        Assert.Equal(
            [
                ("rpm", LimitKind.Requests, 600, TimeSpan.FromMinutes(1), LimitAlgorithm.Gcra, 20, AtLimit.Block),
                ("tpm", LimitKind.Tokens, 200_000, TimeSpan.FromMinutes(1), LimitAlgorithm.Sliding, null, AtLimit.Shadow),
                ("hour", LimitKind.Requests, 5, TimeSpan.FromHours(1), LimitAlgorithm.Fixed, null, AtLimit.Block),
                ("streams", LimitKind.Concurrent, 20, TimeSpan.Zero, LimitAlgorithm.Gcra, (long?)null, AtLimit.Block),
            ],
            limits.Select(limit => (limit.Name, limit.Kind, limit.Amount, limit.Window, limit.Algorithm, limit.Burst, limit.AtLimit)));
        Assert.Equal([CallDimension.User, CallDimension.Metadata("team")], limits[1].Per);
        Assert.Equal(["gpt-*"], limits[1].Match!.Models);
    }
}
