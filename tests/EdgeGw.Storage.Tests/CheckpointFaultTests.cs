using EdgeGw.Storage.CrashWriter;

namespace EdgeGw.Storage.Tests;

/// <summary>
/// The k-th call that changes the files of counters and checkpoints fails: a checkpoint that cannot be written is reported and the one before
/// stays in force, counters that cannot be written take nothing more, and a restart knows every record in either case.
/// </summary>
public sealed class CheckpointFaultTests
{
    private const int Rounds = 4;
    private const int RecordsPerRound = 2500;

    // Twice what fits in memory.
    private const int Keys = 4001;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Counters_whose_kth_disk_call_fails_are_right_after_a_restart(bool sticky)
    {
        int most = FaultScale.Of(ci: 100, release: int.MaxValue);
        int failedCheckpoints = 0, failedStores = 0, k = 0;
        for (bool more = true; more && k < most;)
        {
            (more, bool store, int checkpoints) = await RunAsync(++k, sticky);
            failedStores += store ? 1 : 0;
            failedCheckpoints += checkpoints;
        }

        Assert.True(k > 90, $"only {k} calls");
        Assert.True(failedCheckpoints > 10 && failedStores > 10, $"{failedCheckpoints} checkpoints and {failedStores} stores failed");
    }

    /// <returns>Whether there were k calls, whether the store ended by it, and how many checkpoints failed.</returns>
    private static async Task<(bool More, bool StoreFailed, int FailedCheckpoints)> RunAsync(int k, bool sticky)
    {
        using TempFolder temp = new();
        using TempFolder killed = new();
        DiskCallFault disk = new() { Sticky = sticky };
        long acknowledged = 0, covered = 0;
        int failed = 0;
        bool storeFailed;
        using (DataFolder folder = DataFolder.Open(temp.Path))
        {
            await using TestLedger ledger = TestLedger.Open(folder, disk.Before);
            disk.FailAt = disk.Calls + k;
            try
            {
                for (int round = 0; round < Rounds; round++)
                {
                    acknowledged = await WriteAsync(ledger);
                    try
                    {
                        await ledger.CheckpointAsync();
                        covered = acknowledged;
                    }
                    catch (StorageException e) when (ledger.CountersFault is null)
                    {
                        Assert.Contains("injected failure", e.Message, StringComparison.Ordinal);
                        failed++;
                    }
                }

                AssertTotals(ledger);
            }
            catch (StorageException e)
            {
                Assert.Contains("injected failure", e.Message, StringComparison.Ordinal);
                Assert.NotNull(ledger.CountersFault);
                Assert.Throws<StorageException>(() => ledger.TotalOf(1));
            }

            storeFailed = ledger.CountersFault is not null;
            if (disk.HasFailed && !sticky && !storeFailed) Assert.Equal(1, failed);
            // A copy is made file by file: what is on its way to the journal would make one that no kill can leave.
            await ledger.WaitDurableAsync(ledger.LastSequence);
            killed.CopyFrom(temp);
        }

        foreach (TempFolder left in (TempFolder[])[killed, temp])
        {
            using DataFolder folder = DataFolder.Open(left.Path);
            await using TestLedger ledger = TestLedger.Open(folder);
            Assert.True(ledger.LastSequence >= acknowledged);
            Assert.True(ledger.Replayed <= ledger.LastSequence - covered, "the checkpoint that was reported as taken was not used");
            AssertTotals(ledger);
            await ledger.CheckpointAsync();
            AssertNoLeftovers(left);
        }

        return (disk.HasFailed, storeFailed, failed);
    }

    private static async Task<long> WriteAsync(TestLedger ledger)
    {
        long sequence = 0;
        for (int i = 0; i < RecordsPerRound; i++)
        {
            long next = ledger.LastSequence + 1;
            sequence = ledger.Increment((ulong)(next * 7919 % Keys), next);
        }

        await ledger.WaitDurableAsync(sequence);
        return sequence;
    }

    private static void AssertTotals(TestLedger ledger)
    {
        long[] totals = new long[Keys];
        for (long sequence = 1; sequence <= ledger.LastSequence; sequence++) totals[sequence * 7919 % Keys] += sequence;
        for (int key = 0; key < totals.Length; key++) Assert.Equal(totals[key], ledger.TotalOf((ulong)key));
    }

    private static void AssertNoLeftovers(TempFolder left)
    {
        string counters = Path.Combine(left.Path, "counters");
        Assert.Single(Directory.EnumerateFiles(counters, "*.sums"));
        foreach (string kind in Directory.EnumerateDirectories(Path.Combine(counters, "checkpoints"))) Assert.Single(Directory.EnumerateDirectories(kind));
    }
}
