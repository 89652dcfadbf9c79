using System.Buffers;
using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Storage;
using EdgeGw.Telemetry;

namespace EdgeGw.Tests.Hosting;

/// <summary>Usage totals after a start are those of the journal, however much of it a checkpoint held, and from the first moment on.</summary>
public sealed class DataStoreStartTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgegw-start-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Any_sequence_of_calls_checkpoints_crashes_and_erasures_keeps_every_total(int seed)
    {
        var random = new Random(seed);
        var expected = new SortedDictionary<string, Int128>(StringComparer.Ordinal);
        var store = await OpenAsync();
        for (var step = 0; step < 150; step++)
        {
            switch (random.Next(30))
            {
                case < 20:
                    var (user, cost) = ("user" + random.Next(8), random.Next(1, 1000));
                    Spend(store, user, cost);
                    expected[user] = expected.GetValueOrDefault(user) + cost;
                    break;
                case < 23:
                    await store.CheckpointAsync(CancellationToken.None);
                    break;
                case < 25:
                    var name = "user" + random.Next(8);
                    var (person, _) = await store.EraseAsync([name]);
                    if (expected.Remove(name, out var spent))
                    {
                        expected[person.Pseudonym] = expected.GetValueOrDefault(person.Pseudonym) + spent;
                    }
                    break;
                default:
                    // Without a checkpoint: as a crash leaves the folder.
                    await store.DisposeAsync();
                    store = await OpenAsync();
                    Assert.Equal(expected, Users(store));
                    if (random.Next(2) == 0)
                    {
                        await store.CheckpointAsync(CancellationToken.None);
                    }
                    break;
            }
        }
        Assert.Equal(expected, Users(store));
        await store.DisposeAsync();
        Assert.Empty((await JournalVerifier.VerifyAsync(_folder.FullName)).Damages);
    }

    [Fact]
    public async Task Checkpoint_that_is_taken_at_once_after_a_start_holds_all_totals()
    {
        await using (var store = await OpenAsync())
        {
            Spend(store, "ann", 5);
            Spend(store, "tom", 7);
            await store.CheckpointAsync(CancellationToken.None);
            Spend(store, "ann", 11);
        }
        await using (var store = await OpenAsync())
        {
            await store.CheckpointAsync(CancellationToken.None);
        }
        await using (var store = await OpenAsync())
        {
            Assert.Equal(0, store.Opened.Replayed);
            Assert.Equal(new Dictionary<string, Int128> { ["ann"] = 16, ["tom"] = 7 }, Users(store));
            Assert.Equal(["ann", "tom"], store.Ledger.Statuses("person").Select(static status => status.Scope));
        }
    }

    [Fact]
    public async Task Settlement_of_a_newer_build_is_refused_before_open_holds_are_settled()
    {
        long last;
        await using (var store = await OpenAsync())
        {
            Assert.NotNull(store.Ledger.TryHold(Caller("tom"), new NanoUsd(9), Draft("tom", 0)).Hold);
            var newer = new ArrayBufferWriter<byte>();
            LedgerRecord.WriteEnd(newer, store.Ledger.TryHold(Caller("ann"), new NanoUsd(5), Draft("ann", 0)).Hold!.Sequence, Draft("ann", 5));
            var payload = newer.WrittenSpan.ToArray();
            payload[sizeof(long)] = 99;
            last = store.Journal.Append((byte)JournalRecordType.Settle, LedgerRecord.Version, payload);
            await store.Journal.WaitDurableAsync(last);
        }

        var refusal = await Assert.ThrowsAsync<InvalidDataException>(OpenAsync);

        Assert.Contains("version 99", refusal.Message, StringComparison.Ordinal);
        using var folder = DataFolder.Open(_folder.FullName);
        await using var journal = Journal.Open(folder, new JournalOptions());
        Assert.Equal(last, journal.LastSequence);
    }

    private static Dictionary<string, Int128> Users(DataStore store) =>
        store.Rollup.Query(["user"], DateTimeOffset.MinValue, DateTimeOffset.MaxValue).ToDictionary(static row => row.Values[0], static row => row.Totals.CostNanoUsd);

    private static Principal Caller(string user) => new() { User = user };

    private static UsageRecord Draft(string user, long cost) => new()
    {
        Id = Guid.CreateVersion7(),
        Time = TimeProvider.System.GetUtcNow(),
        Principal = Caller(user),
        Dialect = Dialect.ChatCompletions,
        Model = "m",
        Status = 200,
        Outcome = EdgeGw.Requests.Outcome.Completed,
        Cost = new NanoUsd(cost),
    };

    private static void Spend(DataStore store, string user, long cost)
    {
        var record = Draft(user, cost);
        Assert.True(store.Ledger.Settle(store.Ledger.TryHold(record.Principal, new NanoUsd(cost), record).Hold!, record, out _));
    }

    private Task<DataStore> OpenAsync() => DataStore.OpenAsync(
        new GatewayConfig
        {
            DataDirectory = _folder.FullName,
            Budgets = [new BudgetConfig { Name = "person", Amount = NanoUsd.FromDollars(10), Window = BudgetWindow.Month, Per = [CallDimension.User] }],
        },
        null, TimeProvider.System);
}
