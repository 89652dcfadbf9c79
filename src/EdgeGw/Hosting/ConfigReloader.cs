using EdgeGw.Configuration;
using EdgeGw.Configuration.Changes;
using EdgeGw.Requests;
using EdgeGw.Upstream;

namespace EdgeGw.Hosting;

/// <summary>Puts a changed configuration into force while requests are served: all of it that can change at once, or nothing.</summary>
internal sealed class ConfigReloader
{
    private readonly Func<LoadedConfig> _load;
    private readonly GatewayServices _services;
    private readonly DataStore _store;
    private readonly ServerCertificate? _certificate;
    private readonly SingleFlight<ReloadReport> _flight;
    private LoadedConfig _running;
    private volatile FileStamps _stamps;

    /// <param name="running">What is in force.</param>
    /// <param name="certificate">Null: the listener speaks no TLS.</param>
    public ConfigReloader(LoadedConfig running, Func<LoadedConfig> load, GatewayServices services, DataStore store, ServerCertificate? certificate)
    {
        _running = running;
        _load = load;
        _services = services;
        _store = store;
        _certificate = certificate;
        _stamps = running.Stamps;
        _flight = new SingleFlight<ReloadReport>(ReloadAndAudit);
    }

    /// <summary>The files that the last attempt read, as it found them.</summary>
    public FileStamps Stamps => _stamps;

    /// <summary>Reads everything anew and puts it into force. Never throws.</summary>
    public Task<ReloadReport> ReloadAsync() => _flight.RunAsync();

    private ReloadReport ReloadAndAudit()
    {
        var report = Reload();
        if (report.Faults.Count > 0 || !report.Changes.IsNone || report.RestartNeeded.Count > 0)
        {
            _store.Audit.Write(ConfigAudit.EntryFor(report));
        }
        return report;
    }

    private ReloadReport Reload()
    {
        try
        {
            var loaded = _load();
            _stamps = loaded.Stamps;
            return loaded.Config is { } wanted ? PutIntoForce(loaded, wanted) : Refuse(loaded);
        }
        catch (Exception fault)
        {
            // Ours, not the file's; whatever it is, what is in force serves on.
            _services.Metrics.Config.Failed();
            _services.Log.ReloadBroke(fault);
            return new ReloadReport { Faults = [new ConfigFault(_running.File ?? ConfigLoader.EnvironmentName, 0, 0, "", "cannot be put into force; the log says why")] };
        }
    }

    /// <summary>All that may fail comes first, on the side; then only references are swapped.</summary>
    private ReloadReport PutIntoForce(LoadedConfig loaded, GatewayConfig wanted)
    {
        var config = StartOnly.Keep(_running.Config!, wanted, out var restartNeeded);
        var next = loaded with { Config = config };
        var setup = new GatewaySetup(config, loaded.Prices, _store.Keys, _services.Tokens, _services.Time, _services.Setup);
        var origins = setup.Router.Providers.Values.Select(static provider => UpstreamOrigin.Of(provider.Origin, provider.PublicAddressOnly))
            .Concat(config.Alerts.Webhooks.Select(static webhook => UpstreamOrigin.Of(webhook.Url, publicAddressOnly: false))).ToHashSet();
        var certificate = config.Listen.Tls is { } tls ? ServerCertificate.Load(tls) : null;
        var report = new ReloadReport { Warnings = loaded.Warnings, Changes = ConfigChanges.Between(_running, next), RestartNeeded = restartNeeded };

        // Budgets and limits first: no request of the new configuration is held by the old one's.
        _services.Ledger.UseRules(config.BudgetsHere);
        _services.Limits.UseRules(config.LimitsHere);
        _services.Velocity.UseRule(config.Velocity);
        _services.Alerts.UseWebhooks(config.Alerts.Webhooks);
        _store.Keys.Configured = setup.Keys;
        _services.Setup = setup;
        setup.Issuers.WarmUp();
        _services.Transport.KeepOnly(origins);
        if (_certificate is not null && certificate is not null)
        {
            _certificate.Current = certificate;
        }
        _running = next;
        _services.Metrics.Config.Reloaded(report, _services.Time.GetUtcNow());
        _services.Log.Reloaded(report);
        return report;
    }

    private ReloadReport Refuse(LoadedConfig loaded)
    {
        _services.Metrics.Config.Failed();
        _services.Log.ReloadRefused(loaded.Faults);
        return new ReloadReport { Faults = loaded.Faults, Warnings = loaded.Warnings };
    }
}
