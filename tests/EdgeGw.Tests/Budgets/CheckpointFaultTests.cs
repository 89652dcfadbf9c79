using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Storage;
using EdgeGw.Storage.Tests;
using EdgeGw.Telemetry;

namespace EdgeGw.Tests.Budgets;

/// <summary>A checkpoint that cannot be written costs nothing but a longer start: money goes on being counted.</summary>
public sealed class CheckpointFaultTests : IDisposable
{
    private static readonly Principal Caller = new() { KeyId = "a", KeyName = "a" };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgegw-checkpoint-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Checkpoint_whose_kth_disk_call_fails_changes_no_total_here_or_after_a_restart(bool sticky)
    {
        var disk = new DiskCallFault { Sticky = sticky };
        var store = await OpenAsync(disk);
        long spent = 0;
        var failures = 0;
        var most = FaultScale.Of(ci: 100, release: int.MaxValue);
        for (var k = 1; k <= most; k++)
        {
            spent += Spend(store, k);
            disk.FailAt = disk.Calls + k;
            try
            {
                await store.CheckpointAsync(CancellationToken.None);
                if (!disk.HasFailed)
                {
                    break;
                }
                // What fails behind the manifest's rename, such as removing what it replaces, does not undo it.
            }
            catch (StorageException fault)
            {
                Assert.Contains("injected failure", fault.Message);
                failures++;
            }
            disk.FailAt = 0;
            Assert.Null(store.Fault);
            Assert.Equal((spent, 0), (Status(store).Spent.Value, Status(store).Held.Value));
            if (k % 10 == 0)
            {
                await store.DisposeAsync();
                store = await OpenAsync(disk);
                Assert.Equal((spent, 0), (Status(store).Spent.Value, Status(store).Held.Value));
                Assert.Equal(spent, store.Rollup.Report([], DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Total.CostNanoUsd);
            }
        }
        Assert.True(failures > 20, $"only {failures} checkpoints failed");
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Checkpoint_without_a_folder_for_it_fails_and_the_next_one_after_the_mend_is_taken()
    {
        await using var store = await OpenAsync();
        var spent = Spend(store, 1);
        var folder = Path.Combine(_folder.FullName, "counters", "checkpoints");
        File.WriteAllText(folder, "in the way");
        await Assert.ThrowsAsync<StorageException>(() => store.CheckpointAsync(CancellationToken.None));
        await Assert.ThrowsAsync<StorageException>(() => store.CheckpointAsync(CancellationToken.None));
        Assert.Null(store.Fault);
        spent += Spend(store, 2);
        File.Delete(folder);

        await store.CheckpointAsync(CancellationToken.None);

        Assert.Equal(spent, Status(store).Spent.Value);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(_folder.FullName, "counters"), "*.sums"));
    }

    private static long Spend(DataStore store, int k)
    {
        for (var i = 1; i <= 3; i++)
        {
            store.Ledger.Settle(store.Ledger.TryHold(Caller, new NanoUsd(k * 10), Record(k * 10)).Hold!, Record((k * 10) + i), out _);
        }
        return (k * 30) + 6;
    }

    private static BudgetStatus Status(DataStore store) => Assert.Single(store.Ledger.Statuses("company"));

    private Task<DataStore> OpenAsync(DiskCallFault? disk = null) => DataStore.OpenAsync(
        new GatewayConfig
        {
            DataDirectory = _folder.FullName,
            Budgets = [new BudgetConfig { Name = "company", Amount = NanoUsd.FromDollars(1000), Window = BudgetWindow.Month }],
        }, null, TimeProvider.System, beforeDiskCall: disk is null ? null : disk.Before);

    private static UsageRecord Record(long cost) => new()
    {
        Id = Guid.CreateVersion7(),
        Time = DateTimeOffset.UtcNow,
        Principal = Caller,
        Dialect = Dialect.ChatCompletions,
        Outcome = Outcome.Completed,
        Cost = new NanoUsd(cost),
    };
}
