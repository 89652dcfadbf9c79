using BenchmarkDotNet.Attributes;
using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Telemetry;

namespace EdgeGw.Bench;

/// <summary>Admission and settlement over four nested budgets (company, team, user, key), journal included, its commit not waited for.</summary>
[MemoryDiagnoser]
public class LedgerBench
{
    private DirectoryInfo _folder = null!;
    private DataStore _store = null!;
    private Principal[] _callers = null!;
    private UsageRecord[] _records = null!;
    private Hold? _hold;
    private int _next;

    /// <summary>Distinct keys, each with a slot of its own.</summary>
    [Params(1_000, 1_000_000)]
    public int Keys { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _folder = Directory.CreateTempSubdirectory("edgegw-bench-");
        var shared = new BudgetConfig { Name = "company", Amount = NanoUsd.FromDollars(900_000_000), Window = BudgetWindow.Month };
        _store = await DataStore.OpenAsync(
            new GatewayConfig { DataDirectory = _folder.FullName, Budgets = [shared, Split("team", CallDimension.Metadata("team")), Split("user", CallDimension.User), Split("key", CallDimension.Key)] }, null, TimeProvider.System);
        _callers = [.. Enumerable.Range(0, Keys).Select(i => new Principal
        {
            KeyId = $"key_{i}", KeyName = $"key-{i}", User = $"user-{i / 2}", Metadata = new Dictionary<string, string> { ["team"] = $"team-{i % 50}" },
        })];

        BudgetConfig Split(string name, CallDimension by) => shared with { Name = name, Per = [by] };
        _records = [.. _callers.Select(Record)];
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Benchmark]
    public void HoldAndSettle()
    {
        var caller = _next++ % Keys;
        _hold = _store.Ledger.TryHold(_callers[caller], new NanoUsd(1000), _records[caller], reuse: _hold).Hold!;
        _store.Ledger.Settle(_hold, _records[caller], out _);
    }

    private static UsageRecord Record(Principal caller) => new()
    {
        Id = Guid.CreateVersion7(),
        Time = TimeProvider.System.GetUtcNow(),
        Principal = caller,
        Dialect = Dialect.ChatCompletions,
        Provider = "openai",
        ModelRequested = "gpt-4o-mini",
        Model = "gpt-4o-mini-2024-07-18",
        Status = 200,
        Outcome = Outcome.Completed,
        Usage = new Usage { Input = 1000, Output = 200 },
        UsageSource = UsageSource.Provider,
        Cost = new NanoUsd(270),
        CostSource = CostSource.Catalogue,
        Hold = new NanoUsd(1000),
    };
}
