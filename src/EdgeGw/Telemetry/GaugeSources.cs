using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Telemetry;

/// <summary>The gauges whose value another part of the gateway is asked for. One that has no source yet is not shown: zero would be a lie.</summary>
internal sealed class GaugeSources(GatewayMetrics metrics) : MetricSource
{
    internal override void Write(in ExpositionWriter writer)
    {
        if (metrics.OpenHolds is { } holds)
        {
            One(writer, "edgegw_open_holds"u8, "Holds not yet settled or voided.", holds(), 0);
        }
        if (metrics.OpenHoldsValue is { } value)
        {
            One(writer, "edgegw_open_holds_usd"u8, "Value of the open holds in US dollars.", value().Value, 9);
        }
        if (metrics.DeferredAnswers is { } deferred)
        {
            One(writer, "edgegw_background_answers"u8, "Background answers charged at their hold until their usage is read.", deferred(), 0);
        }
        if (metrics.ForgottenAnswers is { } forgotten)
        {
            writer.Header("edgegw_background_forgotten"u8, MetricType.Counter,
                "Background answers that were too many or too old to wait for: they stay charged at their hold.");
            writer.Sample("edgegw_background_forgotten"u8, "_total"u8, default, forgotten(), 0);
        }
        if (metrics.JournalDurableLag is { } lag)
        {
            One(writer, "edgegw_journal_durable_lag_records"u8, "Journal records written and not yet durable.", lag(), 0);
        }
        if (metrics.JournalHealthy is { } healthy)
        {
            One(writer, "edgegw_journal_healthy"u8, "Whether the journal takes records: 1 or 0.", healthy() ? 1 : 0, 0);
        }
    }

    private static void One(in ExpositionWriter writer, ReadOnlySpan<byte> name, string help, long value, int scale)
    {
        writer.Header(name, MetricType.Gauge, help);
        writer.Sample(name, default, default, value, scale);
    }
}
