namespace EdgeGw.Telemetry.Metrics;

/// <summary>Anything that has lines to say in a scrape.</summary>
public abstract class MetricSource
{
    private protected MetricSource()
    {
    }

    internal abstract void Write(in ExpositionWriter writer);
}
