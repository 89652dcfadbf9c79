using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Storage.Tests;
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
    public async Task TryHold_by_many_threads_on_room_for_ten_in_nested_hard_budgets_admits_exactly_ten()
    {
        var repetitions = FaultScale.Of(ci: 20, release: 500);
        var time = new SetTime();
        // Of two callers with nine dollars each, the company's ten are the last cent; of one, it is the key's nine.
        await using var store = await DataStore.OpenAsync(
            new GatewayConfig { DataDirectory = _folder.FullName, Budgets = [Shared("company", 10) with { Hard = true }, PerKey("key", 9) with { Hard = true }] }, null, time);
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var callers = repetition % 2 == 0 ? new[] { "a", "b" } : ["a"];
            var holds = new System.Collections.Concurrent.ConcurrentBag<Hold>();
            Parallel.For(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
            {
                var caller = callers[i % callers.Length];
                if (store.Ledger.TryHold(Caller(caller), Usd(1), Draft(caller, 1)).Hold is { } hold)
                {
                    holds.Add(hold);
                }
            });
            Assert.Equal(callers.Length == 2 ? 10 : 9, holds.Count);
            Assert.Equal(Usd(holds.Count), Status(store, "company").Held);
            foreach (var hold in holds)
            {
                store.Ledger.Void(hold, Draft("a", 0), out _);
            }
            Assert.Equal(NanoUsd.Zero, Status(store, "company").Held);
            time.Now += TimeSpan.FromDays(31);
        }
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

    [Fact]
    public async Task Threshold_is_told_once_in_a_window_also_after_a_restart_and_again_in_the_next()
    {
        var time = new SetTime();
        var told = new List<(int, long)>();
        var budget = Shared("company", 100) with { Alerts = [50, 80, 100] };
        foreach (var spends in new long[][] { [49, 2, 10], [1], [30, 5, 7], [20, 40] })
        {
            await using var store = await DataStore.OpenAsync(new GatewayConfig { DataDirectory = _folder.FullName, Budgets = [budget] }, null, time);
            store.Ledger.Alerted = alert => told.Add((alert.Percent, alert.Spent.Value / NanoUsd.PerDollar));
            foreach (var dollars in spends)
            {
                store.Ledger.Settle(store.Ledger.TryHold(Caller("a"), NanoUsd.Zero, Draft("a", 0)).Hold!, Draft("a", dollars), out _);
            }
            await store.CheckpointAsync(CancellationToken.None);
            time.Now += spends.Length == 3 && told.Count > 2 ? TimeSpan.FromDays(31) : TimeSpan.Zero;
        }
        Assert.Equal([(50, 51), (80, 92), (100, 104), (50, 60)], told);
    }

    [Fact]
    public async Task Spending_that_jumps_over_several_thresholds_tells_each()
    {
        await using var store = await OpenAsync(Shared("company", 10) with { Alerts = [50, 80, 100] });
        var told = new List<int>();
        store.Ledger.Alerted = alert => told.Add(alert.Percent);
        store.Ledger.Settle(store.Ledger.TryHold(Caller("a"), Usd(9), Draft("a", 9)).Hold!, Draft("a", 9), out _);
        Assert.Equal([50, 80], told);
    }

    [Fact]
    public async Task Extension_without_room_is_refused_by_a_hard_budget_only()
    {
        await using var store = await OpenAsync(Shared("soft", 10), Shared("hard", 12) with { Hard = true });
        var hold = store.Ledger.TryHold(Caller("a"), Usd(9), Draft("a", 9)).Hold!;
        Assert.True(hold.IsHard);
        Assert.True(store.Ledger.TryExtend(hold, Usd(3), out _));
        Assert.False(store.Ledger.TryExtend(hold, new NanoUsd(1), out var full));
        Assert.Equal("hard", full);
        Assert.Equal((Usd(12), Usd(12)), (hold.Amount, Status(store, "soft").Held));
        store.Ledger.Settle(hold, Draft("a", 11), out _);
        Assert.False(store.Ledger.TryExtend(hold, new NanoUsd(1), out _));
        Assert.Equal((NanoUsd.Zero, Usd(11)), (Status(store, "hard").Held, Status(store, "hard").Spent));
    }

    [Fact]
    public async Task Extension_after_the_window_has_passed_is_asked_of_the_window_that_the_call_is_charged_to()
    {
        var time = new SetTime();
        await using var store = await DataStore.OpenAsync(
            new GatewayConfig { DataDirectory = _folder.FullName, Budgets = [Shared("hard", 10) with { Hard = true }] }, null, time);
        var old = store.Ledger.TryHold(Caller("a"), Usd(9), Draft("a", 9)).Hold!;
        time.Now += TimeSpan.FromDays(31);
        var fresh = store.Ledger.TryHold(Caller("a"), Usd(10), Draft("a", 10)).Hold!;

        Assert.False(store.Ledger.TryExtend(old, Usd(2), out _));
        Assert.True(store.Ledger.TryExtend(old, Usd(1), out _));
        Assert.False(store.Ledger.TryExtend(fresh, new NanoUsd(1), out _));
    }

    [Fact]
    public async Task Reopen_with_an_extended_hold_presumes_all_of_it()
    {
        await using (var store = await OpenAsync(Shared("company", 10)))
        {
            var hold = store.Ledger.TryHold(Caller("a"), Usd(3), Draft("a", 3)).Hold!;
            await store.CheckpointAsync(CancellationToken.None);
            store.Ledger.TryExtend(hold, Usd(2), out _);
        }
        await using var again = await OpenAsync(Shared("company", 10));
        Assert.Equal((Usd(5), NanoUsd.Zero), (Status(again, "company").Spent, Status(again, "company").Held));
    }

    [Fact]
    public async Task Raise_holds_for_its_scope_until_it_expires_also_after_a_restart()
    {
        var time = new SetTime();
        var config = new GatewayConfig { DataDirectory = _folder.FullName, Budgets = [PerKey("key", 1)] };
        await using (var store = await DataStore.OpenAsync(config, null, time))
        {
            store.Ledger.Raise(new BudgetRaise("key", "a", Usd(4), time.Now.AddHours(2), "launch day"));
            Assert.Null(store.Ledger.TryHold(Caller("b"), Usd(2), Draft("b", 2)).Hold);
            store.Ledger.Void(store.Ledger.TryHold(Caller("a"), Usd(5), Draft("a", 5)).Hold!, Draft("a", 0), out _);
            await store.CheckpointAsync(CancellationToken.None);
        }
        await using var again = await DataStore.OpenAsync(config, null, time);
        Assert.Equal(Usd(5), again.Ledger.TryHold(Caller("a"), Usd(6), Draft("a", 6)).Refusal!.Limit);
        time.Now += TimeSpan.FromHours(2);
        Assert.Equal(Usd(1), again.Ledger.TryHold(Caller("a"), Usd(6), Draft("a", 6)).Refusal!.Limit);
        Assert.Empty(again.Raises.At(time.Now));
    }

    [Fact]
    public async Task Budget_that_downgrades_goes_before_one_that_blocks_and_lets_the_downgraded_call_pass()
    {
        var person = Shared("person", 1) with { AtLimit = AtLimit.Downgrade, Downgrade = "fast" };
        await using var store = await OpenAsync(Shared("company", 3), person);
        var refusal = store.Ledger.TryHold(Caller("a"), Usd(4), Draft("a", 4)).Refusal!;
        Assert.Equal(("person", AtLimit.Downgrade, "fast"), (refusal.Budget, refusal.Action, refusal.Downgrade));

        var cheaper = store.Ledger.TryHold(Caller("a"), Usd(2), Draft("a", 2), downgraded: true);
        Assert.Equal("person", Assert.Single(cheaper.Passed!).Budget);
        Assert.Equal("company", store.Ledger.TryHold(Caller("a"), Usd(2), Draft("a", 2), downgraded: true).Refusal!.Budget);
    }

    [Fact]
    public async Task Changed_rules_keep_what_was_spent_and_a_removed_budget_finds_it_again()
    {
        await using var store = await OpenAsync(Shared("company", 10));
        store.Ledger.Settle(store.Ledger.TryHold(Caller("a"), Usd(6), Draft("a", 6)).Hold!, Draft("a", 6), out _);
        var running = store.Ledger.TryHold(Caller("a"), Usd(1), Draft("a", 1)).Hold!;
        store.Ledger.UseRules([]);
        Assert.Empty(store.Ledger.Statuses());
        Assert.NotNull(store.Ledger.TryHold(Caller("a"), Usd(100), Draft("a", 100)).Hold);
        store.Ledger.UseRules([Shared("company", 8)]);
        Assert.Equal(Usd(1), store.Ledger.TryHold(Caller("a"), Usd(2), Draft("a", 2)).Refusal!.Remaining);
        store.Ledger.Settle(running, Draft("a", 1), out _);
        Assert.Equal(Usd(7), Status(store, "company").Spent);
    }

    [Fact]
    public async Task Hold_object_that_has_not_ended_cannot_be_used_again()
    {
        await using var store = await OpenAsync(Shared("company", 10));
        var hold = store.Ledger.TryHold(Caller("a"), Usd(6), Draft("a", 6)).Hold!;
        Assert.Throws<InvalidOperationException>(() => store.Ledger.TryHold(Caller("a"), Usd(1), Draft("a", 1), reuse: hold));
        store.Ledger.Void(hold, Draft("a", 0), out _);
        Assert.Same(hold, store.Ledger.TryHold(Caller("a"), Usd(1), Draft("a", 1), reuse: hold).Hold);
        Assert.Equal(Usd(1), Status(store, "company").Held);
    }

    [Fact]
    public async Task Hold_and_settle_over_four_budgets_of_known_scopes_allocates_nothing()
    {
        var month = Shared("company", 900_000);
        await using var store = await OpenAsync(
            month, PerKey("key", 900_000), month with { Name = "user", Per = [CallDimension.User] },
            month with { Name = "rolling", Per = [CallDimension.Metadata("team")], Window = BudgetWindow.Rolling(TimeSpan.FromDays(60)), Alerts = [100] });
        var caller = Caller("a") with { User = "ann", Metadata = new Dictionary<string, string> { ["team"] = "ml" } };
        var record = Draft("a", 0) with { Principal = caller, Cost = new NanoUsd(5) };
        Hold? hold = null;
        var allocated = 0L;
        for (var i = 0; i < 2000; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            hold = store.Ledger.TryHold(caller, new NanoUsd(10), record, reuse: hold).Hold!;
            store.Ledger.Settle(hold, record, out _);
            allocated = i < 200 ? 0 : allocated + GC.GetAllocatedBytesForCurrentThread() - before;
        }
        // The journal and the counters' store take a page now and then.
        Assert.InRange(allocated / 1800, 0, 8);
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
