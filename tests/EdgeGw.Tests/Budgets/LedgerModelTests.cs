using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Telemetry;

namespace EdgeGw.Tests.Budgets;

/// <summary>
/// Any interleaving of holds, extensions, settlements, voids, checkpoints, restarts with open holds, changed amounts and passing time, with so little
/// memory that accounts come and go all the time, against a list of everything that happened.
/// </summary>
public sealed class LedgerModelTests : IDisposable
{
    private static readonly TimeSpan Rolling = TimeSpan.FromHours(1);
    private static readonly CallDimension[] PerKey = [CallDimension.Key];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgegw-model-");
    private readonly SetTime _time = new();
    private readonly Dictionary<string, Principal> _callers = [];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Any_history_equals_a_list_of_what_happened(int seed)
    {
        var random = new Random(seed);
        var charges = new List<Charge>();
        var open = new List<(Hold Hold, Charge Charge)>();
        BudgetConfig[] budgets =
        [
            new() { Name = "company", Amount = new NanoUsd(2_000), Window = BudgetWindow.Day },
            new() { Name = "key", Amount = new NanoUsd(600), Window = BudgetWindow.Hour, Per = PerKey },
            new() { Name = "rolling", Amount = new NanoUsd(500), Window = BudgetWindow.Rolling(Rolling), Per = PerKey },
        ];
        var store = await OpenAsync(budgets);
        var (admitted, refused) = (0, 0);
        for (var step = 0; step < 600; step++)
        {
            switch (random.Next(100))
            {
                case < 45:
                    var charge = new Charge($"k{random.Next(12)}", _time.Now) { Held = random.Next(1, 200) };
                    var result = store.Ledger.TryHold(Caller(charge.Key), new NanoUsd(charge.Held), Record(charge.Key, 0));
                    long Left(BudgetConfig budget) =>
                        Math.Max(0, budget.Amount.Value - Total(charges, budget, charge.Key, spent: true) - Total(charges, budget, charge.Key, spent: false));
                    var expected = budgets.Where(budget => Left(budget) < charge.Held).MinBy(Left)?.Name;
                    Assert.Equal(expected, result.Refusal?.Budget);
                    if (result.Hold is { } hold)
                    {
                        admitted++;
                        charges.Add(charge);
                        open.Add((hold, charge));
                    }
                    else
                    {
                        refused++;
                    }
                    break;
                case < 75 when open.Count > 0:
                    var ended = Take(open, random);
                    ended.Charge.Spent = random.Next(0, (int)ended.Charge.Held + 20);
                    Assert.True(store.Ledger.Settle(ended.Hold, Record(ended.Charge.Key, ended.Charge.Spent), out _));
                    ended.Charge.Held = 0;
                    break;
                case < 80 when open.Count > 0:
                    var voided = Take(open, random);
                    Assert.True(store.Ledger.Void(voided.Hold, Record(voided.Charge.Key, 0), out _));
                    voided.Charge.Held = 0;
                    break;
                case < 84 when open.Count > 0:
                    var (grown, grows) = open[random.Next(open.Count)];
                    Assert.True(store.Ledger.TryExtend(grown, new NanoUsd(30), out _));
                    grows.Held += 30;
                    break;
                case < 92:
                    _time.Now += TimeSpan.FromMinutes(random.Next(0, 8)) + TimeSpan.FromMilliseconds(random.Next(1000));
                    break;
                case < 95:
                    await store.CheckpointAsync(CancellationToken.None);
                    break;
                case < 98:
                    await store.DisposeAsync();
                    store = await OpenAsync(budgets);
                    foreach (var (_, presumed) in open)
                    {
                        (presumed.Spent, presumed.Held) = (presumed.Held, 0);
                    }
                    open.Clear();
                    break;
                default:
                    budgets[2] = budgets[2] with { Amount = new NanoUsd(random.Next(300, 700)) };
                    store.Ledger.UseRules(budgets);
                    break;
            }
            Compare(store, budgets, charges);
        }
        Assert.Equal(open.Count, store.Ledger.OpenHolds);
        Assert.Equal(open.Sum(each => each.Charge.Held), store.Ledger.OpenHoldAmount.Value);
        Assert.True(admitted > 50 && refused > 20, $"{admitted} admitted, {refused} refused");
        await store.DisposeAsync();
    }

    private void Compare(DataStore store, BudgetConfig[] budgets, List<Charge> charges)
    {
        foreach (var status in store.Ledger.Statuses())
        {
            var budget = budgets.Single(each => each.Name == status.Budget);
            Assert.Equal(Total(charges, budget, status.Scope, spent: true), status.Spent.Value);
            Assert.Equal(Total(charges, budget, status.Scope, spent: false), status.Held.Value);
        }
    }

    /// <summary>A charge counts where its hold was taken: in the same day or hour, or at most sixty buckets ago.</summary>
    private long Total(List<Charge> charges, BudgetConfig budget, string key, bool spent)
    {
        var unit = budget.Window.Kind switch
        {
            WindowKind.Day => TimeSpan.TicksPerDay,
            WindowKind.Hour => TimeSpan.TicksPerHour,
            _ => Rolling.Ticks / 60,
        };
        var oldest = (_time.Now.UtcTicks / unit) - (budget.Window.IsRolling ? 60 : 0);
        return charges.Where(charge => (budget.Per.Count == 0 || charge.Key == key) && charge.Time.UtcTicks / unit >= oldest)
            .Sum(charge => spent ? charge.Spent : charge.Held);
    }

    private static (Hold Hold, Charge Charge) Take(List<(Hold, Charge)> open, Random random)
    {
        var index = random.Next(open.Count);
        var taken = open[index];
        open.RemoveAt(index);
        return taken;
    }

    private Task<DataStore> OpenAsync(BudgetConfig[] budgets) =>
        DataStore.OpenAsync(new GatewayConfig { DataDirectory = _folder.FullName, Budgets = budgets }, null, _time, mostLiveSlots: 8);

    /// <summary>Most callers are known by one object, as those with a virtual key are; two come with a new one each time.</summary>
    private Principal Caller(string key)
    {
        var isKnown = _callers.TryGetValue(key, out var caller);
        caller ??= new Principal { KeyId = key, KeyName = key };
        if (!isKnown && key is not ("k0" or "k1"))
        {
            _callers.Add(key, caller);
        }
        return caller;
    }

    private UsageRecord Record(string key, long cost) => new()
    {
        Id = Guid.CreateVersion7(),
        Time = DateTimeOffset.UnixEpoch,
        Principal = Caller(key),
        Dialect = Dialect.ChatCompletions,
        Outcome = Outcome.Completed,
        Cost = new NanoUsd(cost),
    };

    private sealed record Charge(string Key, DateTimeOffset Time)
    {
        public long Spent { get; set; }

        public long Held { get; set; }
    }
}
