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

public sealed class DeferredLedgerTests : IDisposable
{
    private const string Provider = "openai";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgegw-deferred-");
    private readonly SettableTime _time = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task TryCorrect_puts_the_true_cost_in_place_of_the_presumed_one_and_only_once()
    {
        await using var store = await OpenAsync(_folder);
        Defer(store, "a", "resp_1", 7);
        var answer = store.Ledger.FindDeferred(Provider, "resp_1")!;
        Assert.Equal(new NanoUsd(7), Spent(store, "company"));
        Assert.True(Correct(store, answer, "b", 2));
        Assert.Equal(new NanoUsd(2), Spent(store, "company"));
        Assert.Equal(new NanoUsd(2), Spent(store, "key", "a"));
        Assert.Equal(NanoUsd.Zero, Spent(store, "key", "b"));

        Assert.Null(store.Ledger.FindDeferred(Provider, "resp_1"));
        Assert.False(Correct(store, answer, "a", 1));
        Assert.Equal(new NanoUsd(2), Spent(store, "company"));
        Assert.Equal(0, store.Deferred.Forgotten);
    }

    [Fact]
    public async Task TryCorrect_above_what_was_presumed_is_booked_in_full()
    {
        await using var store = await OpenAsync(_folder);
        Defer(store, "a", "resp_1", 7);
        Correct(store, store.Ledger.FindDeferred(Provider, "resp_1")!, "a", 100);
        Assert.Equal(new NanoUsd(100), Spent(store, "company"));
    }

    [Fact]
    public async Task TryCorrect_by_many_threads_corrects_once()
    {
        await using var store = await OpenAsync(_folder);
        Defer(store, "a", "resp_1", 50);
        var answer = store.Ledger.FindDeferred(Provider, "resp_1")!;
        var corrected = 0;
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 16 }, _ =>
        {
            if (Correct(store, answer, "b", 3))
            {
                Interlocked.Increment(ref corrected);
            }
        });
        Assert.Equal(1, corrected);
        Assert.Equal(new NanoUsd(3), Spent(store, "company"));
        Assert.Equal(0, store.Ledger.OpenHolds);
    }

    [Fact]
    public async Task TryCorrect_in_a_later_window_changes_the_window_of_the_request()
    {
        await using var store = await OpenAsync(_folder);
        var first = _time.Now;
        Defer(store, "a", "resp_1", 9);
        _time.Now = first.AddDays(2);
        Correct(store, store.Ledger.FindDeferred(Provider, "resp_1")!, "a", 4);
        Assert.Equal(NanoUsd.Zero, Spent(store, "company"));
        var usage = store.Rollup.Query(["day"], first.AddDays(-1), first.AddDays(1));
        Assert.Equal(4, Assert.Single(usage).Totals.CostNanoUsd);
        _time.Now = first;
        Assert.Equal(new NanoUsd(4), Spent(store, "company"));
    }

    [Fact]
    public async Task TryCorrect_with_a_hold_of_something_is_refused()
    {
        await using var store = await OpenAsync(_folder);
        Defer(store, "a", "resp_1", 9);
        var hold = store.Ledger.TryHold(Caller("a"), new NanoUsd(1), Record("a", 0)).Hold!;
        var answer = store.Ledger.FindDeferred(Provider, "resp_1")!;
        Assert.Throws<ArgumentOutOfRangeException>(() => store.Ledger.TryCorrect(hold, answer, Record("a", 0) with { Corrects = answer.Charge() }, out _));
    }

    [Fact]
    public async Task Reopen_without_any_checkpoint_section_finds_the_answers_in_the_journal()
    {
        await using (var store = await OpenAsync(_folder))
        {
            Defer(store, "a", "resp_1", 7);
            Defer(store, "a", "resp_2", 8);
            Correct(store, store.Ledger.FindDeferred(Provider, "resp_1")!, "a", 1);
        }
        await using var again = await OpenAsync(_folder);
        Assert.Equal((1, "resp_2"), (again.Deferred.Count, again.Ledger.FindDeferred(Provider, "resp_2")!.Id));
        Assert.Equal(new NanoUsd(9), Spent(again, "company"));
    }

    /// <summary>
    /// Any mix of asking, reading (also twice at once, also of what is unknown), checkpoints and restarts spends what a dictionary says: the
    /// true cost of what was read to its end, the presumed one of the rest; and usage reports agree with the budgets.
    /// </summary>
    [Fact]
    public void Any_history_of_background_answers_equals_a_naive_account()
    {
        var steps = Gen.Choose(0, 99).Three().Select(step => (Action: step.Item1, Which: step.Item2, Amount: step.Item3)).ListOf(80);
        Prop.ForAll(steps.ToArbitrary(), history => RunAsync([.. history]).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(15));
    }

    private async Task RunAsync(IReadOnlyList<(int Action, int Which, int Amount)> history)
    {
        var folder = _folder.CreateSubdirectory(Guid.NewGuid().ToString("N"));
        var store = await OpenAsync(folder);
        var answers = new List<Account>();
        var stale = new List<DeferredAnswer>();
        var open = new List<(Hold Hold, string Key)>();
        var lost = new Dictionary<string, long>();
        foreach (var (action, which, amount) in history)
        {
            var key = $"k{which % 3}";
            switch (action)
            {
                case < 35:
                    var id = $"resp_{answers.Count}";
                    Defer(store, key, id, amount);
                    answers.Add(new Account(key, id, amount));
                    break;
                case < 40:
                    open.Add((store.Ledger.TryHold(Caller(key), new NanoUsd(amount), Record(key, amount)).Hold!, key));
                    break;
                case < 75 when answers.Count > 0:
                    var account = answers[which % answers.Count];
                    var found = store.Ledger.FindDeferred(Provider, account.Id);
                    Assert.Equal(account.Actual is null, found is not null);
                    if (found is not null)
                    {
                        stale.Add(found);
                        Assert.True(Correct(store, found, $"k{amount % 3}", amount));
                        account.Actual = amount;
                    }
                    break;
                case < 82 when stale.Count > 0:
                    Assert.False(Correct(store, stale[which % stale.Count], key, amount));
                    break;
                case < 91:
                    await store.CheckpointAsync(CancellationToken.None);
                    break;
                case >= 91:
                    await store.DisposeAsync();
                    store = await OpenAsync(folder);
                    foreach (var (hold, owner) in open)
                    {
                        lost[owner] = lost.GetValueOrDefault(owner) + hold.Amount.Value;
                    }
                    open.Clear();
                    break;
            }
        }
        Check(store, answers, lost);
        await store.DisposeAsync();
        store = await OpenAsync(folder);
        foreach (var (hold, owner) in open)
        {
            lost[owner] = lost.GetValueOrDefault(owner) + hold.Amount.Value;
        }
        Check(store, answers, lost);
        await store.DisposeAsync();
    }

    private static void Check(DataStore store, List<Account> answers, Dictionary<string, long> lost)
    {
        Assert.Equal(answers.Count(answer => answer.Actual is null), store.Deferred.Count);
        var usage = store.Rollup.Query(["key"], DateTimeOffset.MinValue, DateTimeOffset.MaxValue).ToDictionary(row => row.Values[0], row => row.Totals);
        foreach (var key in (string[])["k0", "k1", "k2"])
        {
            var expected = answers.Where(answer => answer.Key == key).Sum(answer => answer.Actual ?? answer.Presumed) + lost.GetValueOrDefault(key);
            Assert.Equal(expected, Spent(store, "key", key).Value);
            Assert.Equal(expected, usage.GetValueOrDefault(key).CostNanoUsd);
            Assert.Equal(answers.Where(answer => answer.Key == key).Sum(answer => answer.Actual ?? 0), usage.GetValueOrDefault(key).Usage.Output);
        }
        Assert.Equal(answers.Sum(answer => answer.Actual ?? answer.Presumed) + lost.Values.Sum(), Spent(store, "company").Value);
    }

    private void Defer(DataStore store, string key, string id, long presumed)
    {
        var hold = store.Ledger.TryHold(Caller(key), new NanoUsd(presumed), Record(key, presumed)).Hold!;
        Assert.True(store.Ledger.Defer(hold, Record(key, presumed) with { Presumed = true }, id, "gpt-5", 100, out _));
    }

    /// <summary>Reads an answer whose true cost is <paramref name="actual"/>, and one output token a nano-dollar.</summary>
    private bool Correct(DataStore store, DeferredAnswer answer, string reader, long actual)
    {
        var hold = store.Ledger.TryHold(Caller(reader), NanoUsd.Zero, Record(reader, 0)).Hold!;
        var charge = answer.Charge();
        var record = Record(reader, actual - charge.Cost.Value) with { Corrects = charge, Usage = new Usage { Output = actual } };
        if (store.Ledger.TryCorrect(hold, answer, record, out _))
        {
            return true;
        }
        Assert.True(store.Ledger.Settle(hold, Record(reader, 0), out _));
        return false;
    }

    private Task<DataStore> OpenAsync(DirectoryInfo folder) => DataStore.OpenAsync(
        new GatewayConfig
        {
            DataDirectory = folder.FullName,
            Budgets =
            [
                new() { Name = "company", Amount = NanoUsd.FromDollars(1), Window = BudgetWindow.Day },
                new() { Name = "key", Amount = NanoUsd.FromDollars(1), Window = BudgetWindow.Day, Per = [CallDimension.Key] },
            ],
        },
        null, _time);

    private static NanoUsd Spent(DataStore store, string budget, string scope = "") =>
        store.Ledger.Statuses().FirstOrDefault(status => status.Budget == budget && status.Scope == scope)?.Spent ?? NanoUsd.Zero;

    private static Principal Caller(string key) => new() { KeyId = key, KeyName = key };

    private UsageRecord Record(string key, long cost) => new()
    {
        Id = Guid.CreateVersion7(),
        Time = _time.Now,
        Principal = Caller(key),
        Provider = Provider,
        Dialect = Dialect.Responses,
        Status = 200,
        Outcome = EdgeGw.Requests.Outcome.Completed,
        Cost = new NanoUsd(cost),
        Hold = new NanoUsd(cost),
    };

    private sealed class Account(string key, string id, long presumed)
    {
        public string Key { get; } = key;
        public string Id { get; } = id;
        public long Presumed { get; } = presumed;
        public long? Actual { get; set; }
    }

    private sealed class SettableTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
