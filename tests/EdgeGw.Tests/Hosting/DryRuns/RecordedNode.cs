using System.Globalization;
using EdgeGw.Budgets;
using EdgeGw.Cli;
using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Hosting.DryRuns;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;
using EdgeGw.Tests.Budgets;
using EdgeGw.Tests.Configuration;

namespace EdgeGw.Tests.Hosting.DryRuns;

/// <summary>A data folder whose journal the ledger fills, and dry runs over it. One dollar buys a million tokens of input or half a million of output.</summary>
internal sealed class RecordedNode : IAsyncDisposable
{
    public const string Providers = """
        "providers": { "openai": { "api_key": "k" }, "anthropic": { "api_key": "k" } }, "models": { "fast": "openai/small" },
        """;

    public const string Prices = """
        "pricing": { "overrides": [ { "model": "openai/big", "input": "1", "output": "2" }, { "model": "openai/small", "input": "0.1", "output": "0.2" } ] }
        """;

    private readonly DirectoryInfo _folder;
    private LoadedConfig _running;

    private RecordedNode(DirectoryInfo folder, string json)
    {
        _folder = folder;
        _running = Load(json);
    }

    public SetTime Time { get; } = new();

    public DataStore Store { get; private set; } = null!;

    public string DataFolder => Path.Combine(_folder.FullName, "data");

    public static async Task<RecordedNode> StartAsync(string rules = "")
    {
        var node = new RecordedNode(Directory.CreateTempSubdirectory("edgegw-dryrun-"), Config(rules));
        await node.OpenAsync();
        return node;
    }

    public static string Config(string rules, string prices = Prices) => $$"""{ {{Providers}} {{rules}} {{prices}} }""";

    public async Task OpenAsync() => Store = await DataStore.OpenAsync(_running.Config!, null, Time);

    /// <summary>A call as the spine makes it: held, and settled by its usage. Null: a budget refused it.</summary>
    public UsageRecord? Call(Principal caller, long input, Func<UsageRecord, UsageRecord>? change = null) => Begin(caller, input, change) is { } open ? End(open) : null;

    public (Hold Hold, UsageRecord Draft)? Begin(Principal caller, long input, Func<UsageRecord, UsageRecord>? change = null, long spare = 1000)
    {
        var draft = new UsageRecord
        {
            Id = Guid.CreateVersion7(),
            Time = Time.Now,
            Principal = caller,
            Dialect = Dialect.ChatCompletions,
            Provider = "openai",
            ModelRequested = "big",
            Model = "big",
            Status = 200,
            Usage = new Usage { Input = input },
            UsageSource = UsageSource.Provider,
            CostSource = CostSource.Override,
            Request = new RecordedRequest(RequestTraits.None, "big", Dialect.ChatCompletions, 100, 1000, null, null),
        };
        draft = change?.Invoke(draft) ?? draft;
        draft = draft with { Cost = CostOf(draft), Hold = new NanoUsd(Math.Max(0, CostOf(draft).Value + spare)) };
        return Store.Ledger.TryHold(caller, draft.Hold, draft).Hold is { } hold ? (hold, draft) : null;
    }

    public UsageRecord End((Hold Hold, UsageRecord Draft) open)
    {
        Store.Ledger.Settle(open.Hold, open.Draft with { Hold = open.Hold.Amount }, out _);
        return open.Draft;
    }

    public async Task<DryRunReport> DryRunAsync(string rules = "", string prices = Prices, int last = 1000)
    {
        await Store.Journal.WaitDurableAsync(Store.Journal.LastSequence);
        return DryRun.Of(Load(Config(rules, prices)), JournalReader.Read(DataFolder, last, () => DataStore.ReadPepper(DataFolder, null)));
    }

    public async Task<(int Code, string Output, string Errors)> RunAsync(string rules, bool json, int last = 1000)
    {
        await Store.Journal.WaitDurableAsync(Store.Journal.LastSequence);
        var context = new CliContext { Out = new StringWriter(), Error = new StringWriter(), Environment = new FakeEnvironment(), Time = Time, Providers = ConfigFixture.Providers };
        var code = await DryRunAction.RunAsync(new DryRunOptions(Load(Config(rules)), last, json), context, CancellationToken.None);
        return (code, context.Out.ToString()!, context.Error.ToString()!);
    }

    /// <summary>Dry runs of the node that runs.</summary>
    /// <param name="beforeReading">Called on the thread that reads a posted configuration.</param>
    public LiveDryRuns Live(Action? beforeReading = null, params (string Name, string Value)[] environment) => new(
        () => _running,
        text =>
        {
            beforeReading?.Invoke();
            return ConfigLoader.Load(text, Path.Combine(_folder.FullName, "edgegw.json"), new FakeEnvironment(environment), ConfigFixture.Providers);
        },
        Store.Journal, () => DataStore.ReadPepper(DataFolder, null));

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Refusals as <c>kind rule caller calls</c>.</summary>
    public static string[] Refusals(DryRunReport report) =>
        [.. report.RefusedBy.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Key.Kind} {row.Key.Rule} {row.Key.Caller} {row.Value.Calls}"))];

    /// <summary>What was not judged, as <c>what: why: calls</c>.</summary>
    public static string[] Unjudged(DryRunReport report) => [.. report.NotJudged.Select(row => $"{row.Key.What}: {row.Key.Why}: {row.Value}")];

    private static NanoUsd CostOf(UsageRecord record)
    {
        // Nano-dollars per token, by the model that answered.
        var (input, output) = record.Model is "small" ? (100, 200) : (1000, 2000);
        return new NanoUsd((record.Usage.Input * input) + (record.Usage.Output * output));
    }

    private LoadedConfig Load(string json)
    {
        var path = Path.Combine(_folder.FullName, "edgegw.json");
        File.WriteAllText(path, json);
        var loaded = LoadedConfig.Load(path, () => ConfigLoader.LoadFile(path, new FakeEnvironment(), ConfigFixture.Providers, new ConfigOverrides { DataDirectory = DataFolder }));
        Assert.Empty(loaded.Faults);
        return loaded;
    }
}
