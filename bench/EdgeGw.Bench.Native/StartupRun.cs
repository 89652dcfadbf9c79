using System.Diagnostics;
using System.Globalization;
using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Matching;
using EdgeGw.Pricing;

namespace EdgeGw.Bench.Native;

/// <summary>From start to ready with a million slots: after a crash with a million records since the checkpoint, and with a fresh checkpoint.</summary>
internal static class StartupRun
{
    private const int Slots = 1_000_000;
    private const int Records = 1_000_000;
    private const int Rounds = 5;

    /// <param name="kept">A folder to use and keep, filled up to what is measured; null: one that is removed in the end.</param>
    public static async Task RunAsync(string? kept)
    {
        var folder = kept ?? Directory.CreateTempSubdirectory("edgegw-startup-").FullName;
        var config = Config(folder);
        await PrepareAsync(config);
        Console.WriteLine($"{"start",-18} {"replayed",9} {"checkpoint",11} {"journal",8} {"holds",6} {"ready ms",9} {"cpu ms",7} {"RSS MiB",8}");
        for (var round = 0; round < Rounds; round++)
        {
            await OpenAsync(config, "records to replay");
        }
        await using (var store = await DataStore.OpenAsync(config, null, TimeProvider.System))
        {
            await store.CheckpointAsync(CancellationToken.None);
        }
        for (var round = 0; round < Rounds; round++)
        {
            await OpenAsync(config, "fresh checkpoint");
        }
        if (kept is null)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task OpenAsync(GatewayConfig config, string what)
    {
        GC.Collect();
        var (before, started) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await using var store = await DataStore.OpenAsync(config, null, TimeProvider.System);
        var (ready, used) = (Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - before);
        var times = store.Opened;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what,-18} {times.Replayed,9} {times.Checkpoint.TotalMilliseconds,11:0} {times.Journal.TotalMilliseconds,8:0} {times.OpenHolds.TotalMilliseconds,6:0} {ready.TotalMilliseconds,9:0} {used.TotalMilliseconds,7:0} {Environment.WorkingSet >> 20,8}"));
    }

    private static async Task PrepareAsync(GatewayConfig config)
    {
        await using var store = await DataStore.OpenAsync(config, null, TimeProvider.System);
        Hold? hold = null;
        if (store.Journal.LastSequence == 0)
        {
            for (var user = 0; user < Slots; user++)
            {
                Call(user);
            }
            await store.CheckpointAsync(CancellationToken.None);
        }
        var random = new Random(1);
        for (var until = store.Journal.LastSequence + Records - store.Opened.Replayed; store.Journal.LastSequence < until;)
        {
            Call(random.Next(Slots));
        }

        void Call(int user)
        {
            var record = SampleCall.Of(user, key: user % 1000);
            hold = store.Ledger.TryHold(record.Principal, new NanoUsd(1000), record, reuse: hold).Hold!;
            store.Ledger.Settle(hold, record, out _);
        }
    }

    private static GatewayConfig Config(string folder) => new()
    {
        DataDirectory = folder,
        Durability = Durability.Relaxed,
        Journal = new JournalConfig { MaxBytes = 8L << 30 },
        Budgets =
        [
            new BudgetConfig { Name = "user", Amount = NanoUsd.FromDollars(1_000_000), Window = BudgetWindow.Month, Per = [CallDimension.User] },
        ],
    };
}
