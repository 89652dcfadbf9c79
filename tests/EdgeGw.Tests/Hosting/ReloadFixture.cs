using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using EdgeGw.Alerts;
using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Configuration.Changes;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using EdgeGw.Identity.Tokens;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Metrics;
using EdgeGw.Tests.Configuration;
using EdgeGw.Upstream;
using Microsoft.Extensions.Logging;

namespace EdgeGw.Tests.Hosting;

/// <summary>A gateway's parts around one configuration file, without its listeners.</summary>
internal sealed class ReloadFixture : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly ListLogger _logger;

    private ReloadFixture(DirectoryInfo folder, Dictionary<string, string> environment, LoadedConfig loaded, DataStore store)
    {
        _folder = folder;
        _logger = new ListLogger();
        Store = store;
        Environment = environment;
        var metrics = new GatewayMetrics("test");
        Alerts = new AlertSink(new GatewayLog(_logger), metrics.Alerts, Transport, TimeProvider.System, "test");
        var tokens = new TokenServices(new IssuerDocuments(TimeProvider.System), metrics.Identity, new GatewayLog(_logger), TimeProvider.System);
        Services = new GatewayServices
        {
            Setup = new GatewaySetup(loaded.Config!, loaded.Prices, store.Keys, tokens, TimeProvider.System),
            Tokens = tokens,
            Velocity = store.Velocity,
            Alerts = Alerts,
            Limits = new EdgeGw.Limits.LimitTable([], TimeProvider.System),
            Ledger = store.Ledger,
            Journal = store.Journal,
            StorageFault = () => store.Fault,
            Transport = Transport,
            Drains = new DrainLimiter(),
            Metrics = metrics,
            Recent = new RecentRequests(),
            Audit = store.Audit,
            Estimator = store.Estimator,
            Log = new GatewayLog(_logger),
            Time = TimeProvider.System,
        };
        Services.Metrics.Config.Started(TimeProvider.System.GetUtcNow());
        Reloader = new ConfigReloader(loaded, () => Load(folder, environment), Services, store, certificate: null);
    }

    /// <summary>Read anew by each reload.</summary>
    public Dictionary<string, string> Environment { get; }

    public DataStore Store { get; }

    public GatewayServices Services { get; }

    public AlertSink Alerts { get; }

    public ConfigReloader Reloader { get; }

    public KeepingTransport Transport { get; } = new();

    public GatewaySetup Setup => Services.Setup;

    public IReadOnlyCollection<string> Log => _logger.Lines;

    public string Metrics
    {
        get
        {
            var text = new ArrayBufferWriter<byte>();
            Services.Metrics.Write(text, ExpositionFormat.Text);
            return Encoding.UTF8.GetString(text.WrittenSpan);
        }
    }

    public static async Task<ReloadFixture> StartAsync(string json, params (string Name, string Value)[] environment)
    {
        var folder = Directory.CreateTempSubdirectory("edgegw-reload-");
        Write(folder, json);
        var variables = environment.ToDictionary(each => each.Name, each => each.Value);
        var loaded = Load(folder, variables);
        Assert.Empty(loaded.Faults);
        return new ReloadFixture(folder, variables, loaded, await DataStore.OpenAsync(loaded.Config!, null, TimeProvider.System));
    }

    public Task<ReloadReport> ReloadAsync(string json)
    {
        Write(_folder, json);
        return Reloader.ReloadAsync();
    }

    public void WriteFile(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    public HoldResult Hold(Principal caller, long dollars) => Services.Ledger.TryHold(caller, NanoUsd.FromDollars(dollars), Draft(caller, dollars));

    public void Spend(Principal caller, long dollars) => Services.Ledger.Settle(Hold(caller, dollars).Hold!, Draft(caller, dollars), out _);

    public static UsageRecord Draft(Principal caller, long dollars) => new()
    {
        Id = Guid.CreateVersion7(),
        Time = TimeProvider.System.GetUtcNow(),
        Principal = caller,
        Dialect = Dialect.ChatCompletions,
        Outcome = Outcome.Completed,
        Cost = NanoUsd.FromDollars(dollars),
    };

    public async ValueTask DisposeAsync()
    {
        await Alerts.DisposeAsync();
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static void Write(DirectoryInfo folder, string json) => File.WriteAllText(Path.Combine(folder.FullName, "edgegw.json"), json);

    private static LoadedConfig Load(DirectoryInfo folder, Dictionary<string, string> environment)
    {
        var path = Path.Combine(folder.FullName, "edgegw.json");
        var variables = environment.Select(each => (each.Key, each.Value)).ToArray();
        return LoadedConfig.Load(path, () => ConfigLoader.LoadFile(
            path, new FakeEnvironment(variables), ConfigFixture.Providers, new ConfigOverrides { DataDirectory = Path.Combine(folder.FullName, "data") }));
    }
}

/// <summary>Remembers which origins it was told to keep.</summary>
internal sealed class KeepingTransport : UpstreamTransport
{
    public IReadOnlySet<UpstreamOrigin> Kept { get; private set; } = new HashSet<UpstreamOrigin>();

    public override ValueTask<UpstreamResult> SendAsync(UpstreamRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public override void KeepOnly(IReadOnlySet<UpstreamOrigin> origins) => Kept = origins;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal sealed class ListLogger : ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception?.Message}".TrimEnd());
}
