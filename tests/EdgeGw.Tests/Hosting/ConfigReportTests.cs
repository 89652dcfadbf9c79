using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Pricing;

namespace EdgeGw.Tests.Hosting;

public sealed class ConfigReportTests
{
    [Fact]
    public void Report_of_budgets_limits_velocity_and_webhooks_shows_what_holds_and_no_secret()
    {
        var config = new GatewayConfig
        {
            DataDirectory = "/data",
            Budgets =
            [
                new BudgetConfig
                {
                    Name = "company", Amount = NanoUsd.FromDollars(10), Window = BudgetWindow.Month, AtLimit = AtLimit.Downgrade, Downgrade = "openai/small", Hard = true, Alerts = [50, 90],
                },
            ],
            Limits =
            [
                new LimitConfig { Name = "rpm", Kind = LimitKind.Requests, Amount = 60, Window = TimeSpan.FromMinutes(1), Per = [CallDimension.Key] },
                new LimitConfig { Name = "running", Kind = LimitKind.Concurrent, Amount = 4 },
            ],
            Environment = "production",
            Policies = [new PolicyConfig { Name = "interns", Effect = PolicyEffect.Deny, Shadow = true }],
            Velocity = new VelocityConfig { MinimumPerHour = NanoUsd.FromDollars(2), Per = [CallDimension.User], Action = VelocityAction.Throttle },
            Alerts = new AlertConfig { Webhooks = [new WebhookConfig { Url = new Uri("https://hooks.example.com/path-secret?query-secret"), Secret = "the-webhook-secret" }] },
        };

        var report = ReportOf(config);

        Assert.Contains("""{"name":"company","amount_usd":"10","window":"month","timezone":"UTC","per":[],"at_limit":"downgrade","downgrade":"openai/small","hard":true,"alerts":[50,90],"matches_all":true}""", report, StringComparison.Ordinal);
        Assert.Contains("""{"name":"rpm","requests":60,"window_seconds":60,"algorithm":"gcra","per":["key"],"at_limit":"block","matches_all":true}""", report, StringComparison.Ordinal);
        Assert.Contains("""{"name":"running","concurrent":4,"per":[],"at_limit":"block","matches_all":true}""", report, StringComparison.Ordinal);
        Assert.Contains(""""environment":"production"""", report, StringComparison.Ordinal);
        Assert.Contains(""""policies":[{"name":"interns","effect":"deny","shadow":true,"matches_all":true}]"""", report, StringComparison.Ordinal);
        Assert.Contains(""""velocity":{"per":["user"],"factor":10,"minimum_usd_per_hour":"2","action":"throttle"}"""", report, StringComparison.Ordinal);
        Assert.Contains(""""webhooks":["https://hooks.example.com"]"""", report, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", report, StringComparison.Ordinal);
    }

    private static string ReportOf(GatewayConfig config)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            ConfigReport.Write(json, config);
        }
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
