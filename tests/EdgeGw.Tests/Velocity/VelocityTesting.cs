using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Matching;
using EdgeGw.Pricing;
using EdgeGw.Tests.Upstream;
using EdgeGw.Velocity;

namespace EdgeGw.Tests.Velocity;

/// <summary>Guards and calls as the tests of this folder need them.</summary>
internal static class VelocityTesting
{
    public static readonly VelocityConfig Config = new()
    {
        Per = [CallDimension.User],
        Factor = 10,
        MinimumPerHour = NanoUsd.FromDollars(12),
        Action = VelocityAction.Throttle,
        Learn = TimeSpan.FromDays(7),
    };

    public static VelocityGuard Guard(ManualTime time, VelocityConfig? config = null, int maxScopes = VelocityGuard.MaxScopes)
    {
        var guard = new VelocityGuard(time, maxScopes);
        guard.UseRule(config ?? Config);
        return guard;
    }

    public static CallSubject By(string user, params string[] groups) =>
        new(new Principal { User = user, Groups = groups }, "openai", "gpt-4o", System.Collections.Frozen.FrozenDictionary<string, string>.Empty);

    public static SpendVelocity? Spend(this VelocityGuard guard, decimal dollars, string user = "ann") => guard.Spend(By(user), NanoUsd.FromDollars(dollars));

    /// <summary>How long a call would have to wait.</summary>
    public static TimeSpan Wait(this VelocityGuard guard, string user = "ann")
    {
        guard.Check(By(user), out var wait);
        return wait;
    }
}
