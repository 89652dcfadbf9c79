using System.Globalization;
using System.Text.Json;
using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Telemetry;

namespace EdgeGw.Alerts;

/// <summary>A budget's spending has reached one of its thresholds.</summary>
public sealed class BudgetThreshold(BudgetAlert alert) : AlertEvent(AlertKind.Budget, IdFor(alert), TypeName, alert.Time)
{
    private const string TypeName = "budget.threshold";

    internal override void Report(GatewayLog log, AlertMetrics metrics)
    {
        metrics.BudgetAlerts.With(alert.Budget, PercentText(alert)).Increment();
        log.BudgetAlert(alert.Budget, alert.Scope, alert.Percent, alert.Spent.ToString(), alert.Limit.ToString());
    }

    protected override void Write(Utf8JsonWriter json)
    {
        json.WriteString("budget"u8, alert.Budget);
        json.WriteString("scope"u8, RecordLimits.Cut(alert.Scope));
        json.WriteNumber("percent"u8, alert.Percent);
        JsonFields.WriteUsd(json, "spent_usd"u8, alert.Spent.Value);
        JsonFields.WriteUsd(json, "limit_usd"u8, alert.Limit.Value);
        JsonFields.WriteTime(json, "window_start"u8, alert.Window.Start);
        JsonFields.WriteTime(json, "window_end"u8, alert.Window.End);
    }

    private static string IdFor(BudgetAlert alert) => IdOf(TypeName, alert.Budget, alert.Scope, Text(alert.Window.Start), Text(alert.Window.End), PercentText(alert));

    private static string PercentText(BudgetAlert alert) => alert.Percent.ToString(CultureInfo.InvariantCulture);
}
