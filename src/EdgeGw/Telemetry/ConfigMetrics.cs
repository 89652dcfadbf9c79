using EdgeGw.Configuration.Changes;
using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Telemetry;

/// <summary>What an alert on the configuration needs, in the manner of Prometheus's own.</summary>
public sealed class ConfigMetrics
{
    private readonly Counter _ok;
    private readonly Counter _failed;
    private readonly Gauge _lastSuccessful;
    private readonly Gauge _lastSuccess;
    private readonly Gauge _restartNeeded;
    private readonly CounterFamily _changes;

    internal ConfigMetrics(MetricRegistry registry)
    {
        var reloads = registry.Counter(new("edgegw_config_reloads_total", "Reloads of the configuration; one that failed changed nothing.", "result"));
        _ok = reloads.With("ok");
        _failed = reloads.With("failed");
        _changes = registry.Counter(new("edgegw_config_changes_total", "What reloads changed, by section of the configuration.", "section", "change"));
        _lastSuccessful = registry.Gauge(new("edgegw_config_last_reload_successful", "Whether the last attempt to load the configuration succeeded: 1 or 0.")).Single;
        _lastSuccess = registry.Gauge(
            new("edgegw_config_last_reload_success_timestamp_seconds", "When the configuration was last loaded successfully.") { Scale = 3 }).Single;
        _restartNeeded = registry.Gauge(new("edgegw_config_restart_needed", "Whether the configuration has changes that only a restart puts into force: 1 or 0.")).Single;
    }

    public void Started(DateTimeOffset now) => Succeeded(now, restartNeeded: false);

    public void Reloaded(ReloadReport report, DateTimeOffset now)
    {
        _ok.Increment();
        Succeeded(now, report.RestartNeeded.Count > 0);
        Count(report.Changes.Added, "added");
        Count(report.Changes.Changed, "changed");
        Count(report.Changes.Removed, "removed");
    }

    public void Failed()
    {
        _failed.Increment();
        _lastSuccessful.Set(0);
    }

    private void Succeeded(DateTimeOffset now, bool restartNeeded)
    {
        _lastSuccessful.Set(1);
        _lastSuccess.Set(now.ToUnixTimeMilliseconds());
        _restartNeeded.Set(restartNeeded ? 1 : 0);
    }

    private void Count(IReadOnlyList<string> paths, string change)
    {
        foreach (var path in paths)
        {
            // Names are left out: a label that an operator's edits could multiply for ever.
            var dot = path.IndexOf('.', StringComparison.Ordinal);
            _changes.With(dot < 0 ? path : path[..dot], change).Increment();
        }
    }
}
