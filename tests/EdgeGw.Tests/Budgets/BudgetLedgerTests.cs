using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Budgets;

public sealed class BudgetLedgerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgegw-ledger-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task TryHold_beyond_the_limit_of_one_of_two_budgets_takes_nothing_from_the_other()
    {
        await using var store = await OpenAsync(Shared("company", 100), PerKey("key", 10));
        Assert.NotNull(store.Ledger.TryHold(Caller("a"), Usd(6), Draft("a", 6)).Hold);

        var refused = store.Ledger.TryHold(Caller("a"), Usd(5), Draft("a", 5));

        Assert.Equal("key", refused.Refusal!.Budget);
        Assert.Equal(Usd(4), refused.Refusal.Remaining);
        Assert.Equal(Usd(6), Status(store, "company").Held);
    }

    [Fact]
    public async Task TryHold_of_exactly_what_is_left_is_granted_and_one_nano_dollar_more_is_not()
    {
        await using var store = await OpenAsync(Shared("company", 1));
        Assert.NotNull(store.Ledger.TryHold(Caller("a"), new NanoUsd(999_999_999), Draft("a", 0)).Hold);
        Assert.Null(store.Ledger.TryHold(Caller("a"), new NanoUsd(2), Draft("a", 0)).Hold);
        Assert.NotNull(store.Ledger.TryHold(Caller("a"), new NanoUsd(1), Draft("a", 0)).Hold);
    }

    [Fact]
    public async Task TryHold_of_nothing_passes_an_exhausted_budget()
    {
        await using var store = await OpenAsync(Shared("company", 1));
        var hold = store.Ledger.TryHold(Caller("a"), Usd(1), Draft("a", 1)).Hold!;
        store.Ledger.Settle(hold, Draft("a", 2), out _);

        Assert.NotNull(store.Ledger.TryHold(Caller("a"), NanoUsd.Zero, Draft("a", 0)).Hold);
    }

    [Fact]
    public async Task Settle_twice_books_once()
    {
        await using var store = await OpenAsync(Shared("company", 10));
        var hold = store.Ledger.TryHold(Caller("a"), Usd(2), Draft("a", 2)).Hold!;
        Assert.True(store.Ledger.Settle(hold, Draft("a", 1), out _));
        Assert.False(store.Ledger.Settle(hold, Draft("a", 1), out _));
        Assert.Equal(Usd(1), Status(store, "company").Spent);
        Assert.Equal(NanoUsd.Zero, Status(store, "company").Held);
    }

    [Fact]
    public async Task Settle_tells_what_the_tightest_budget_of_the_call_has_left()
    {
        await using var store = await OpenAsync(Shared("company", 100), PerKey("key", 10));
        var first = store.Ledger.TryHold(Caller("a"), Usd(2), Draft("a", 2)).Hold!;
        var second = store.Ledger.TryHold(Caller("b"), Usd(3), Draft("b", 3)).Hold!;
        store.Ledger.Settle(first, Draft("a", 4), out var tightest);
        Assert.Equal(Usd(6), tightest!.Value.Remaining);
        Assert.Equal(Status(store, "company").WindowEnd, tightest.Value.WindowEnd);
        store.Ledger.Void(second, Draft("b", 0), out tightest);
        Assert.Equal(Usd(10), tightest!.Value.Remaining);
        store.Ledger.Settle(first, Draft("a", 4), out tightest);
        Assert.Null(tightest);
    }

    [Fact]
    public async Task Settle_above_the_hold_is_booked_in_full()
    {
        await using var store = await OpenAsync(Shared("company", 10));
        var hold = store.Ledger.TryHold(Caller("a"), Usd(1), Draft("a", 1)).Hold!;
        store.Ledger.Settle(hold, Draft("a", 12), out _);
        Assert.Equal(Usd(12), Status(store, "company").Spent);
        Assert.Null(store.Ledger.TryHold(Caller("a"), Usd(1), Draft("a", 1)).Hold);
    }

    [Fact]
    public async Task TryHold_by_many_threads_on_room_for_ten_admits_exactly_ten()
    {
        await using var store = await OpenAsync(Shared("company", 10));
        var admitted = 0;
        Parallel.For(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, _ =>
        {
            if (store.Ledger.TryHold(Caller("a"), Usd(1), Draft("a", 1)).Hold is not null)
            {
                Interlocked.Increment(ref admitted);
            }
        });
        Assert.Equal(10, admitted);
    }

    [Fact]
    public async Task Reopen_with_an_open_hold_presumes_its_full_value()
    {
        await using (var store = await OpenAsync(Shared("company", 10)))
        {
            store.Ledger.TryHold(Caller("a"), Usd(3), Draft("a", 3));
        }
        await using var again = await OpenAsync(Shared("company", 10));
        Assert.Equal(Usd(3), Status(again, "company").Spent);
        Assert.Equal(NanoUsd.Zero, Status(again, "company").Held);
        Assert.True(Assert.Single(again.Presumed).Presumed);
    }

    [Fact]
    public async Task Reopen_with_a_changed_amount_keeps_what_was_spent()
    {
        await using (var store = await OpenAsync(Shared("company", 10)))
        {
            store.Ledger.Settle(store.Ledger.TryHold(Caller("a"), Usd(3), Draft("a", 3)).Hold!, Draft("a", 3), out _);
        }
        await using var again = await OpenAsync(Shared("company", 5));
        Assert.Equal(Usd(2), Status(again, "company").Remaining);
    }

    /// <summary>Any mix of holds, settlements, voids, checkpoints and restarts gives what a plain dictionary gives.</summary>
    [Fact]
    public void Any_history_with_checkpoints_and_restarts_equals_a_naive_ledger()
    {
        var steps = Gen.Choose(0, 99).Two().Select(pair => (Action: pair.Item1, Argument: pair.Item2)).ListOf(60);
        Prop.ForAll(steps.ToArbitrary(), history => RunAsync([.. history]).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(12));
    }

    private async Task RunAsync(IReadOnlyList<(int Action, int Argument)> history)
    {
        var folder = _folder.CreateSubdirectory(Guid.NewGuid().ToString("N"));
        BudgetConfig[] budgets = [Shared("company", 1_000_000), PerKey("key", 1_000_000)];
        var store = await OpenAsync(folder, budgets);
        var spent = new Dictionary<string, long>();
        var open = new List<(Hold Hold, string Key)>();
        foreach (var (action, argument) in history)
        {
            var key = $"k{argument % 3}";
            switch (action)
            {
                case < 50:
                    open.Add((store.Ledger.TryHold(Caller(key), Usd(argument), Draft(key, argument)).Hold!, key));
                    break;
                case < 80 when open.Count > 0:
                    store.Ledger.Settle(open[0].Hold, Draft(open[0].Key, argument), out _);
                    spent[open[0].Key] = spent.GetValueOrDefault(open[0].Key) + argument;
                    open.RemoveAt(0);
                    break;
                case < 88 when open.Count > 0:
                    store.Ledger.Void(open[^1].Hold, Draft(open[^1].Key, 0), out _);
                    open.RemoveAt(open.Count - 1);
                    break;
                case < 94:
                    await store.CheckpointAsync(CancellationToken.None);
                    break;
                case >= 94:
                    await store.DisposeAsync();
                    store = await OpenAsync(folder, budgets);
                    foreach (var (hold, owner) in open)
                    {
                        spent[owner] = spent.GetValueOrDefault(owner) + (hold.Amount.Value / NanoUsd.PerDollar);
                    }
                    open.Clear();
                    break;
            }
        }
        Assert.Equal(Usd(spent.Values.Sum()), Status(store, "company").Spent);
        Assert.Equal(Usd(open.Sum(each => each.Hold.Amount.Value / NanoUsd.PerDollar)), Status(store, "company").Held);
        foreach (var status in store.Ledger.Statuses().Where(status => status.Budget == "key"))
        {
            Assert.Equal(Usd(spent.GetValueOrDefault(status.Scope)), status.Spent);
        }
        var total = store.Rollup.Query([], DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(1)).Sum(row => (decimal)row.Totals.CostNanoUsd);
        Assert.Equal(spent.Values.Sum() * (decimal)NanoUsd.PerDollar, total);
        await store.DisposeAsync();
    }

    private Task<DataStore> OpenAsync(params BudgetConfig[] budgets) => OpenAsync(_folder, budgets);

    private static Task<DataStore> OpenAsync(DirectoryInfo folder, BudgetConfig[] budgets) =>
        DataStore.OpenAsync(new GatewayConfig { DataDirectory = folder.FullName, Budgets = budgets }, null, TimeProvider.System);

    private static BudgetStatus Status(DataStore store, string budget) => store.Ledger.Statuses().First(status => status.Budget == budget);

    private static BudgetConfig Shared(string name, long dollars) => new() { Name = name, Amount = Usd(dollars), Window = BudgetWindow.Month };

    private static BudgetConfig PerKey(string name, long dollars) => Shared(name, dollars) with { Per = [CallDimension.Key] };

    private static Principal Caller(string key) => new() { KeyId = key, KeyName = key };

    private static NanoUsd Usd(long dollars) => NanoUsd.FromDollars(dollars);

    private static UsageRecord Draft(string key, long dollars) => new()
    {
        Id = Guid.CreateVersion7(),
        Time = DateTimeOffset.UtcNow,
        Principal = Caller(key),
        Dialect = Dialect.ChatCompletions,
        Outcome = EdgeGw.Requests.Outcome.Completed,
        Cost = Usd(dollars),
        Hold = Usd(dollars),
    };
}
