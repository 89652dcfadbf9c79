using EdgeGw.Configuration;
using EdgeGw.Pricing;

namespace EdgeGw.Tests.Configuration;

public sealed class AlertConfigTests
{
    [Fact]
    public void Webhooks_and_velocity_are_bound_and_show_no_secret()
    {
        var config = ConfigFixture.LoadGood("""
            { "alerts": { "webhooks": [
                { "url": "https://hooks.example.com/x?token=t0ken", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" },
                { "url": "http://10.1.2.3:9000/", "secret": "sixteen or more characters", "events": ["velocity"] },
                { "url": "http://localhost:9000/", "secret": "sixteen or more characters", "events": ["budget", "velocity"] } ] },
              "velocity": { "per": ["user"], "factor": 2.5, "minimum_usd_per_hour": "0.5", "action": "throttle", "learn": "2d" } }
            """);
        Assert.Equal([[], [AlertKind.Velocity], [AlertKind.Budget, AlertKind.Velocity]], config.Alerts.Webhooks.Select(webhook => webhook.Events));
        Assert.True(config.Alerts.Webhooks[0].Wants(AlertKind.Budget));
        Assert.False(config.Alerts.Webhooks[1].Wants(AlertKind.Budget));
        var shown = config.Alerts.Webhooks[0].ToString();
        Assert.Contains("https://hooks.example.com", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("MfKQ9", shown, StringComparison.Ordinal);

        var velocity = config.Velocity!;
        Assert.Equal(
            (2.5m, NanoUsd.FromDollars(0.5m), VelocityAction.Throttle, TimeSpan.FromDays(2)), (velocity.Factor, velocity.MinimumPerHour, velocity.Action, velocity.Learn));
        Assert.Equal([CallDimension.User], velocity.Per);
        Assert.Null(ConfigFixture.LoadGood("{}").Velocity);
        Assert.Equal((10m, VelocityAction.Alert), (ConfigFixture.LoadGood("""{ "velocity": { "minimum_usd_per_hour": 1 } }""").Velocity is { } plain ? (plain.Factor, plain.Action) : default));
    }
}
