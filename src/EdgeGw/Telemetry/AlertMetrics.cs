using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Telemetry;

/// <summary>What happened that an operator should know, and whether webhooks were told.</summary>
public sealed class AlertMetrics
{
    internal AlertMetrics(MetricRegistry registry)
    {
        BudgetAlerts = registry.Counter(new("edgegw_budget_alerts_total", "Thresholds that budgets reached, each once in a window.", "budget", "threshold"));
        VelocityExceeded = registry.Counter(new("edgegw_velocity_exceeded_total", "Scopes that began to spend much faster than is usual for them.", "action"));
        VelocityRefusals = registry.Counter(new("edgegw_velocity_refusals_total", "Requests refused because their scope spends too fast.")).Single;
        Webhooks = registry.Counter(new(
            "edgegw_webhook_deliveries_total", "Events for webhooks: delivered, failed (to be tried again), given_up, dropped (too many waited), undelivered (at the end).",
            "webhook", "result"));
    }

    /// <summary>By budget and percentage.</summary>
    public CounterFamily BudgetAlerts { get; }

    /// <summary>By action.</summary>
    public CounterFamily VelocityExceeded { get; }

    public Counter VelocityRefusals { get; }

    /// <summary>By the webhook's host and what became of an event or a try.</summary>
    public CounterFamily Webhooks { get; }
}
