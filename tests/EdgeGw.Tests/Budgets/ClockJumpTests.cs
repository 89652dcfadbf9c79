using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Storage.Tests;
using EdgeGw.Telemetry;

namespace EdgeGw.Tests.Budgets;

/// <summary>The wall clock jumps: spend stays in the window in which it was held, and no window begins twice.</summary>
public sealed class ClockJumpTests : IDisposable
{
    private static readonly TimeSpan[] Jumps =
    [
        TimeSpan.FromDays(-2), TimeSpan.FromHours(-1), TimeSpan.FromHours(1), TimeSpan.FromDays(40), TimeSpan.FromDays(-40), TimeSpan.FromMinutes(7),
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgegw-clock-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Berlin's clock changes, ends of months and of a year, a leap day, and an ordinary noon.</summary>
    public static TheoryData<string> Starts =>
    [
        "2026-03-29T00:30:00Z", "2026-10-25T00:30:00Z", "2026-01-31T22:59:59Z", "2026-12-31T22:59:59Z", "2028-02-28T22:59:00Z", "2028-02-29T12:00:00Z",
        "2026-11-15T12:00:00Z",
    ];

    [Theory]
    [MemberData(nameof(Starts))]
    public async Task Ledger_under_a_jumping_clock_equals_a_ledger_of_windows(string start)
    {
        var rounds = FaultScale.Of(ci: 6, release: 60);
        for (var round = 0; round < rounds; round++)
        {
            await RunAsync(DateTimeOffset.Parse(start, System.Globalization.CultureInfo.InvariantCulture), new Random(round));
        }
    }

    private async Task RunAsync(DateTimeOffset start, Random random)
    {
        var clock = new JumpingClock { Now = start };
        var folder = _folder.CreateSubdirectory(Guid.NewGuid().ToString("N"));
        var budgets = new[] { BudgetWindow.Hour, BudgetWindow.Day, BudgetWindow.Week, BudgetWindow.Month }.Select(window => new BudgetConfig
        {
            Name = window.Text,
            Amount = NanoUsd.FromDollars(1_000_000),
            Window = window with { Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") },
        }).ToArray();
        var store = await OpenAsync(folder, budgets, clock);
        var spent = new Dictionary<(string Budget, DateTimeOffset Start), long>();
        var open = new Queue<(Hold Hold, DateTimeOffset At)>();
        var recorded = 0L;
        for (var step = 0; step < 60; step++)
        {
            var dollars = random.Next(1, 50);
            switch (random.Next(10))
            {
                case < 4:
                    open.Enqueue((store.Ledger.TryHold(Caller, Usd(dollars), Record(dollars, clock.Now)).Hold!, clock.Now));
                    break;
                case < 7 when open.Count > 0:
                    var (hold, at) = open.Dequeue();
                    Assert.True(store.Ledger.Settle(hold, Record(dollars, at), out _));
                    Charge(at, dollars);
                    break;
                case 7:
                    await store.CheckpointAsync(CancellationToken.None);
                    break;
                case 8 when step % 3 == 0:
                    await store.DisposeAsync();
                    store = await OpenAsync(folder, budgets, clock);
                    foreach (var left in open)
                    {
                        Charge(left.At, left.Hold.Amount.Value / NanoUsd.PerDollar);
                    }
                    open.Clear();
                    break;
                default:
                    clock.Now += Jumps[random.Next(Jumps.Length)];
                    break;
            }
            AssertWindows();
        }
        while (open.TryDequeue(out var last))
        {
            Assert.True(store.Ledger.Settle(last.Hold, Record(1, last.At), out _));
            Charge(last.At, 1);
        }
        Assert.Equal(0, store.Ledger.OpenHolds);
        // Every window that was ever charged, seen from within it.
        foreach (var (_, inside) in spent.Keys.ToArray())
        {
            clock.Now = inside;
            AssertWindows();
        }
        var total = store.Rollup.Query([], DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Sum(row => (decimal)row.Totals.CostNanoUsd);
        Assert.Equal(recorded * (decimal)NanoUsd.PerDollar, total);
        await store.DisposeAsync();

        var report = await JournalVerifier.VerifyAsync(folder.FullName);
        Assert.Empty(report.Damages);

        void Charge(DateTimeOffset at, long dollars)
        {
            recorded += dollars;
            foreach (var budget in budgets)
            {
                var key = (budget.Name, WindowSpan.Around(at, budget.Window).Start);
                spent[key] = spent.GetValueOrDefault(key) + dollars;
            }
        }

        void AssertWindows()
        {
            foreach (var status in store.Ledger.Statuses())
            {
                Assert.Equal(Usd(spent.GetValueOrDefault((status.Budget, status.WindowStart))), status.Spent);
            }
        }
    }

    private static readonly Principal Caller = new() { KeyId = "a", KeyName = "a" };

    private static Task<DataStore> OpenAsync(DirectoryInfo folder, BudgetConfig[] budgets, TimeProvider clock) =>
        DataStore.OpenAsync(new GatewayConfig { DataDirectory = folder.FullName, Budgets = budgets }, null, clock);

    private static NanoUsd Usd(long dollars) => NanoUsd.FromDollars(dollars);

    private static UsageRecord Record(long dollars, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at),
        Time = at,
        Principal = Caller,
        Dialect = Dialect.ChatCompletions,
        Outcome = EdgeGw.Requests.Outcome.Completed,
        Cost = Usd(dollars),
        Hold = Usd(dollars),
    };

    private sealed class JumpingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
