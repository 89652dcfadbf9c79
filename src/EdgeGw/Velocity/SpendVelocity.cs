using System.Globalization;
using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;

namespace EdgeGw.Velocity;

/// <summary>Why a scope is said to spend too fast: what it does, and what would be in order. All rates are dollars an hour.</summary>
/// <param name="Scope">The dimension values; empty: all calls.</param>
/// <param name="Rate">Of the last five minutes.</param>
/// <param name="Baseline">What is usual in an hour with spending; zero: nothing is known yet.</param>
/// <param name="Threshold">The factor times the baseline, or the minimum where that is more.</param>
public sealed record SpendVelocity(string Scope, NanoUsd Rate, NanoUsd Baseline, NanoUsd Threshold, decimal Factor, VelocityAction Action)
{
    /// <summary>The sentence for people, without the scope.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Short(Rate)} USD an hour over the last 5 minutes, above the {Short(Threshold)} USD an hour that are in order (baseline {Short(Baseline)}, factor {Factor:0.###})");

    internal void WriteFields(Utf8JsonWriter json)
    {
        json.WriteString("scope"u8, RecordLimits.Cut(Scope));
        JsonFields.WriteUsd(json, "rate_usd_per_hour"u8, Rate.Value);
        JsonFields.WriteUsd(json, "baseline_usd_per_hour"u8, Baseline.Value);
        JsonFields.WriteUsd(json, "threshold_usd_per_hour"u8, Threshold.Value);
        json.WriteNumber("factor"u8, Factor);
        json.WriteString("action"u8, WireNames.Of(Action));
    }

    /// <summary>A baseline's last digits mean nothing.</summary>
    private static string Short(NanoUsd amount) => ((decimal)amount.Value / NanoUsd.PerDollar).ToString("0.####", CultureInfo.InvariantCulture);
}
