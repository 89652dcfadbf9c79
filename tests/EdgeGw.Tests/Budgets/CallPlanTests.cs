using System.Collections.Frozen;
using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Telemetry;

namespace EdgeGw.Tests.Budgets;

/// <summary>Calls after a caller's first are held on what the first was, without a lookup: they must be charged as it was.</summary>
public sealed class CallPlanTests : IDisposable
{
    private const int Calls = 3;

    private static readonly NanoUsd Cost = new(7);

    private readonly SetTime _time = new();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgegw-plan-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(9)]
    public async Task Known_caller_is_charged_on_each_of_its_budgets_however_many_they_are(int count)
    {
        var budgets = Enumerable.Range(0, count).Select(i => PerKey($"budget-{i}")).ToArray();
        await using var store = await OpenAsync(budgets);
        var caller = Caller("a");

        Call(store, caller, Calls);

        Assert.Equal(count, store.Ledger.Statuses().Count);
        Assert.All(store.Ledger.Statuses(), status => Assert.Equal(("a", Calls * Cost.Value, 0), (status.Scope, status.Spent.Value, status.Held.Value)));
        Assert.Equal(Calls, store.Rollup.Query(["key"], DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Sum(row => row.Totals.Requests));
    }

    [Fact]
    public async Task Copy_of_a_known_caller_with_another_key_is_charged_on_its_own_account_and_usage()
    {
        await using var store = await OpenAsync(PerKey("key"));
        var caller = Caller("a");
        Call(store, caller, Calls);
        var copy = caller with { KeyId = "b", KeyName = "b" };

        Call(store, copy, 1);
        Call(store, copy, 1);
        Call(store, caller, 1);

        Assert.Equal([("a", 4 * Cost.Value), ("b", 2 * Cost.Value)], store.Ledger.Statuses().Select(status => (status.Scope, status.Spent.Value)).Order());
        Assert.Equal(
            [("a", 4L), ("b", 2L)], store.Rollup.Query(["key"], DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Select(row => (row.Values[0], row.Totals.Requests)).Order());
    }

    [Fact]
    public async Task Call_with_a_label_of_its_own_by_a_known_caller_is_charged_under_it_and_the_next_without_is_not()
    {
        await using var store = await OpenAsync(PerKey("team") with { Per = [CallDimension.Metadata("team")] }, PerKey("key"));
        var caller = Caller("a");
        Call(store, caller, 2);

        Call(store, caller, 1, "ml");
        Call(store, caller, 1, "web");
        Call(store, caller, 1);

        Assert.Equal(
            [("key", "a", 5 * Cost.Value), ("team", "ml", Cost.Value), ("team", "web", Cost.Value)],
            store.Ledger.Statuses().Select(status => (status.Budget, status.Scope, status.Spent.Value)).Order());
        Assert.Equal(
            [("", 3L), ("ml", 1L), ("web", 1L)],
            store.Rollup.Query(["metadata.team"], DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Select(row => (row.Values[0], row.Totals.Requests)).Order());
    }

    [Fact]
    public async Task Known_caller_that_asks_for_another_model_or_provider_is_charged_under_it()
    {
        await using var store = await OpenAsync(PerKey("model") with { Per = [CallDimension.Model] }, PerKey("provider") with { Per = [CallDimension.Provider] });
        var caller = Caller("a");

        Call(store, caller, 2, model: "small", provider: "openai");
        Call(store, caller, 1, model: "large", provider: "openai");
        Call(store, caller, 1, model: "large", provider: "groq");
        Call(store, caller, 1, model: "small", provider: "openai");

        Assert.Equal(
            [("model", "large", 2 * Cost.Value), ("model", "small", 3 * Cost.Value), ("provider", "groq", Cost.Value), ("provider", "openai", 4 * Cost.Value)],
            store.Ledger.Statuses().Select(status => (status.Budget, status.Scope, status.Spent.Value)).Order());
    }

    [Fact]
    public async Task Known_callers_whose_accounts_are_put_away_in_between_lose_nothing()
    {
        await using var store = await OpenAsync(mostLiveSlots: 4, PerKey("key"), PerKey("rolling") with { Window = BudgetWindow.Rolling(TimeSpan.FromHours(1)) });
        var callers = Enumerable.Range(0, 20).Select(i => Caller($"k{i}")).ToArray();

        for (var round = 0; round < Calls; round++)
        {
            Array.ForEach(callers, caller => Call(store, caller, 2));
        }

        Assert.All(store.Ledger.Statuses(), status => Assert.Equal((2 * Calls * Cost.Value, 0), (status.Spent.Value, status.Held.Value)));
        Assert.Equal(2 * callers.Length, store.Ledger.Statuses().Count);
    }

    private void Call(DataStore store, Principal caller, int times, string? team = null, string model = "small", string provider = "openai")
    {
        for (var i = 0; i < times; i++)
        {
            var record = new UsageRecord
            {
                Id = Guid.CreateVersion7(),
                Time = _time.Now,
                Principal = caller,
                Provider = provider,
                Model = model,
                Metadata = team is null ? FrozenDictionary<string, string>.Empty : new Dictionary<string, string> { ["team"] = team },
                Dialect = Dialect.ChatCompletions,
                Outcome = Outcome.Completed,
                Cost = Cost,
            };
            store.Ledger.Settle(store.Ledger.TryHold(caller, new NanoUsd(10), record).Hold!, record, out _);
        }
    }

    private Task<DataStore> OpenAsync(params BudgetConfig[] budgets) => OpenAsync(null, budgets);

    private Task<DataStore> OpenAsync(int? mostLiveSlots, params BudgetConfig[] budgets) =>
        DataStore.OpenAsync(new GatewayConfig { DataDirectory = _folder.FullName, Budgets = budgets }, null, _time, mostLiveSlots);

    private static BudgetConfig PerKey(string name) => new() { Name = name, Amount = NanoUsd.FromDollars(1), Window = BudgetWindow.Month, Per = [CallDimension.Key] };

    private static Principal Caller(string key) => new() { KeyId = key, KeyName = key };
}
