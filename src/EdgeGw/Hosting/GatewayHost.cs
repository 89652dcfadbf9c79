using EdgeGw.Admin;
using EdgeGw.Alerts;
using EdgeGw.Cli;
using EdgeGw.Configuration;
using EdgeGw.Hosting.DryRuns;
using EdgeGw.Identity.Tokens;
using EdgeGw.Limits;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Storage;
using EdgeGw.Telemetry;
using EdgeGw.Upstream;
using Microsoft.Extensions.Logging;

namespace EdgeGw.Hosting;

/// <summary>One gateway from start to stop: opens and recovers the data folder, listens, and on stopping settles everything before it ends.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    private readonly GatewayServices _services;
    private readonly DataStore _store;
    private readonly GatewayMetrics _metrics;
    private readonly GatewayLog _log;
    private readonly RequestLog? _requestLog;
    private readonly TransportSelector _transport;
    private readonly IssuerDocuments _documents;
    private readonly DrainLimiter _drains;
    private readonly CheckpointSchedule _checkpoints;
    private readonly IdleCollection _idleCollection;
    private readonly ReloadTriggers? _reloads;
    private readonly DataServer _data;
    private readonly AdminServer _admin;
    private readonly GatewayApplication _application;
    private volatile string? _notReady = "starting";

    private GatewayHost(ServeOptions options, DataStore store, ReloadSignal? signal, IEnvironment environment, ILoggerProvider logging, TimeProvider time)
    {
        var config = options.Loaded.Config!;
        _store = store;
        _log = new GatewayLog(logging.CreateLogger("edgegw"));
        _metrics = new GatewayMetrics(VersionCommand.Version);
        _requestLog = RequestLog.Open(config.Log.Requests, _metrics, time);
        _drains = new DrainLimiter();
        _transport = new TransportSelector(new UpstreamOptions { Timeouts = config.Timeouts, ExtraRootsFile = environment.Get("SSL_CERT_FILE") });
        _documents = new IssuerDocuments(time);
        var tokens = new TokenServices(_documents, _metrics.Identity, _log, time);
        _services = new GatewayServices
        {
            Setup = new GatewaySetup(config, options.Loaded.Prices, store.Keys, tokens, time),
            Tokens = tokens,
            Limits = new LimitTable(config.LimitsHere, time),
            Velocity = store.Velocity,
            Alerts = new AlertSink(_log, _metrics.Alerts, _transport, time, Environment.MachineName),
            Ledger = store.Ledger,
            Journal = store.Journal,
            StorageFault = () => store.Fault,
            Transport = _transport,
            Drains = _drains,
            Metrics = _metrics,
            RequestLog = _requestLog,
            Recent = new RecentRequests(),
            Audit = store.Audit,
            Estimator = store.Estimator,
            Log = _log,
            Time = time,
        };
        WatchStore();
        _services.Alerts.UseWebhooks(config.Alerts.Webhooks);
        _metrics.Config.Started(time.GetUtcNow());
        _application = new GatewayApplication(new RequestSpine(_services), store.Estimator, time);
        var certificate = config.Listen.Tls is { } tls ? new ServerCertificate(tls) : null;
        _data = new DataServer(config, certificate, logging);
        var reloader = options.Reload is { } load ? new ConfigReloader(options.Loaded, load, _services, store, certificate) : null;
        var token = AdminToken.Load(environment.Get(AdminToken.Variable), config.DataDirectory);
        var audit = new AdminAudit(store.Audit, token);
        var dryRuns = new LiveDryRuns(
            () => new LoadedConfig { Config = _services.Setup.Config, Prices = _services.Setup.Prices.Catalogue },
            options.Read, store.Journal, () => DataStore.ReadPepper(config.DataDirectory, environment.Get("EDGEGW_KEY_PEPPER")));
        _admin = new AdminServer(config, new AdminApi(new AdminSource(_services, store, reloader, dryRuns, () => _notReady), _metrics, token, audit, time), logging);
        _checkpoints = new CheckpointSchedule(store, time, _log, _metrics.CheckpointsFailed);
        _idleCollection = IdleCollection.OfProcess(_metrics.ActiveRequests, _data.Trim, time);
        _reloads = reloader is null ? null : new ReloadTriggers(reloader, signal, time);
    }

    /// <summary>Recovers and listens. When it returns, both listeners answer.</summary>
    /// <param name="signal">Asks for a reload; null: nothing does but the files and the admin API.</param>
    /// <exception cref="StorageException">The data folder is in use or damaged.</exception>
    /// <exception cref="IOException">An address cannot be listened on.</exception>
    internal static async Task<GatewayHost> StartAsync(
        ServeOptions options, ReloadSignal? signal, IEnvironment environment, ILoggerProvider logging, TimeProvider time, CancellationToken cancellation)
    {
        var config = options.Loaded.Config!;
        var store = await DataStore.OpenAsync(config, environment.Get("EDGEGW_KEY_PEPPER"), time);
        GatewayHost host;
        try
        {
            host = new GatewayHost(options, store, signal, environment, logging, time);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
        try
        {
            host.ReportRecovery(options.Loaded.Notes);
            host._services.Setup.Issuers.WarmUp();
            await host._admin.StartAsync(cancellation);
            await host._data.StartAsync(host._application, cancellation);
            host._notReady = null;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
        host._log.Started(VersionCommand.Version, config.Listen.Data.ToString(), config.Listen.Admin.ToString(), config.DataDirectory);
        return host;
    }

    /// <summary>Stops accepting, lets what runs finish up to the configured limit, settles, and puts everything on disk.</summary>
    public async Task StopAsync()
    {
        _notReady = "draining";
        var limit = _services.Setup.Config.Timeouts.Shutdown;
        _log.Stopping(limit);
        using var patience = new CancellationTokenSource(limit);
        // Answers whose callers left are not waited for beyond the limit either.
        await using var closing = patience.Token.Register(_drains.Close);
        await _data.StopAsync(patience.Token);
        _drains.Close();
        await _services.Alerts.StopAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_reloads is not null)
        {
            await _reloads.DisposeAsync();
        }
        _idleCollection.Dispose();
        await _data.DisposeAsync();
        await _checkpoints.DisposeAsync();
        await _checkpoints.TakeAsync();
        await _admin.DisposeAsync();
        await _services.Alerts.DisposeAsync();
        await _transport.DisposeAsync();
        _documents.Dispose();
        if (_requestLog is not null)
        {
            await _requestLog.DisposeAsync();
        }
        await _store.DisposeAsync();
        _log.Stopped();
    }

    private void WatchStore()
    {
        _metrics.OpenHolds = () => _store.Ledger.OpenHolds;
        _metrics.OpenHoldsValue = () => _store.Ledger.OpenHoldAmount;
        _metrics.DeferredAnswers = () => _store.Deferred.Count;
        _metrics.ForgottenAnswers = () => _store.Deferred.Forgotten;
        _metrics.JournalDurableLag = () => _store.Journal.LastSequence - _store.Journal.DurableSequence;
        _metrics.JournalHealthy = () => _store.Journal.Fault is null;
        _metrics.Budgets = () => _store.Ledger.Statuses();
        _store.Ledger.Alerted = alert => _services.Alerts.Raise(new BudgetThreshold(alert));
        _store.Velocity.Exceeded = (velocity, since) => _services.Alerts.Raise(new VelocityExceeded(velocity, since));
        _store.Audit.Dropped = _metrics.AuditTooMany.Increment;
        _store.Audit.Failed = (fault, lost) =>
        {
            _metrics.AuditWriteFailed.Add(lost);
            _log.AuditFailed(fault, _metrics.AuditWriteFailed.Value);
        };
        _ = _store.Journal.Faulted.ContinueWith(
            fault => _log.JournalFaulted(fault.Result.Message), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void ReportRecovery(IReadOnlyList<string> notes)
    {
        foreach (var note in notes)
        {
            _log.Note(note);
        }
        var opened = _store.Opened;
        _log.Opened(opened.Checkpoint.TotalMilliseconds, opened.Journal.TotalMilliseconds, opened.Replayed, opened.OpenHolds.TotalMilliseconds);
        if (_store.Journal.Recovery.TornTailBytes > 0)
        {
            _log.TornTail(_store.Journal.Recovery.TornTailBytes);
        }
        if (_store.Presumed.Count > 0)
        {
            var amount = _store.Presumed.Aggregate(NanoUsd.Zero, (sum, record) => sum + record.Cost);
            _log.Presumed(_store.Presumed.Count, amount.ToString());
            foreach (var record in _store.Presumed)
            {
                _metrics.Observe(record);
                _requestLog?.Write(record);
            }
        }
    }
}
