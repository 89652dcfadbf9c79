using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Telemetry;

namespace EdgeGw.Tests.Budgets;

public sealed class RollingWindowTests : IDisposable
{
    private static readonly Principal Ann = new() { User = "ann" };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgegw-rolling-");
    private readonly SetTime _time = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(60, 1)]
    [InlineData(3600, 2)]
    [InlineData(86_400, 3)]
    [InlineData(31_557_600, 4)]
    public async Task Admitted_spending_is_never_above_the_amount_in_any_window_nor_refused_with_room_left(int seconds, int seed)
    {
        var random = new Random(seed);
        var (length, limit) = (TimeSpan.FromSeconds(seconds), 1000L);
        var width = length / 60;
        await using var store = await OpenAsync(length, limit);
        var spent = new List<(DateTimeOffset Time, long Amount)>();
        for (var i = 0; i < 1500; i++)
        {
            _time.Now += length * (random.NextDouble() * random.NextDouble() / 10);
            var amount = random.Next(1, 120);
            var held = store.Ledger.TryHold(Ann, new NanoUsd(amount), Record(0));
            if (held.Hold is { } hold)
            {
                spent.Add((_time.Now, amount));
                store.Ledger.Settle(hold, Record(amount), out _);
                Assert.True(SumSince(_time.Now - length) <= limit);
                continue;
            }
            Assert.True(SumSince(_time.Now - length - width) + amount > limit);
            // There is room when the refusal says so, and not a bucket earlier.
            Assert.True(SumSince(held.Refusal!.Reset - length) + amount <= limit);
            Assert.True(SumSince(held.Refusal.Reset - length - width) + amount > limit);
        }

        long SumSince(DateTimeOffset instant) => spent.Where(each => each.Time >= instant).Sum(each => each.Amount);
    }

    [Fact]
    public async Task Clock_that_goes_back_and_forth_forgets_nothing_and_lets_nothing_be_spent_twice()
    {
        await using var store = await OpenAsync(TimeSpan.FromHours(24), 100);
        var start = _time.Now;
        Spend(store, 60);
        _time.Now = start - TimeSpan.FromHours(2);
        Assert.NotNull(store.Ledger.TryHold(Ann, new NanoUsd(50), Record(0)).Refusal);
        Spend(store, 10);
        _time.Now = start + TimeSpan.FromHours(1);
        Assert.NotNull(store.Ledger.TryHold(Ann, new NanoUsd(31), Record(0)).Refusal);
        Spend(store, 30);
        _time.Now = start + TimeSpan.FromDays(40);
        Spend(store, 100);
        Assert.Equal(100, Assert.Single(store.Ledger.Statuses()).Spent.Value);
    }

    [Fact]
    public async Task Restart_within_the_window_keeps_what_was_spent_in_it()
    {
        await using (var store = await OpenAsync(TimeSpan.FromHours(24), 100))
        {
            Spend(store, 60);
            _time.Now += TimeSpan.FromHours(13);
            Spend(store, 30);
            await store.CheckpointAsync(CancellationToken.None);
        }
        _time.Now += TimeSpan.FromHours(10);
        await using var again = await OpenAsync(TimeSpan.FromHours(24), 100);
        Assert.Equal(90, Assert.Single(again.Ledger.Statuses()).Spent.Value);
        Assert.Equal(10, again.Ledger.TryHold(Ann, new NanoUsd(11), Record(0)).Refusal!.Remaining.Value);
        _time.Now += TimeSpan.FromHours(2);
        Assert.Equal(30, Assert.Single(again.Ledger.Statuses()).Spent.Value);
    }

    private static void Spend(DataStore store, long amount) =>
        Assert.True(store.Ledger.Settle(store.Ledger.TryHold(Ann, new NanoUsd(amount), Record(0)).Hold!, Record(amount), out _));

    private Task<DataStore> OpenAsync(TimeSpan length, long limit) => DataStore.OpenAsync(
        new GatewayConfig
        {
            DataDirectory = _folder.FullName,
            Budgets = [new BudgetConfig { Name = "rolling", Amount = new NanoUsd(limit), Window = BudgetWindow.Rolling(length), Per = [CallDimension.User] }],
        }, null, _time);

    private static UsageRecord Record(long cost) => new()
    {
        Id = Guid.CreateVersion7(),
        Time = DateTimeOffset.UnixEpoch,
        Principal = Ann,
        Dialect = Dialect.ChatCompletions,
        Outcome = Outcome.Completed,
        Cost = new NanoUsd(cost),
    };
}
