namespace EdgeGw.Storage.CrashWriter;

/// <summary>
/// One writer whose n-th record follows from n, so that the totals follow from the last sequence alone, however much of the journal is left;
/// checkpoints and truncations are taken one after another beside it.
/// </summary>
public static class TrimWriter
{
    /// <summary>Four segments.</summary>
    public const long MaxBytes = 4 * (64 << 10);

    public const int Keys = 997;

    public static (ulong Key, long Amount) Record(long sequence) => ((ulong)(sequence * 7919 % Keys), (sequence % 100) + 1);

    public static long[] TotalsAt(long lastSequence)
    {
        long[] totals = new long[Keys];
        for (long sequence = 1; sequence <= lastSequence; sequence++)
        {
            (ulong key, long amount) = Record(sequence);
            totals[key] += amount;
        }

        return totals;
    }

    internal static async Task RunAsync(DataFolder folder)
    {
        await using TestLedger ledger = TestLedger.Open(folder);
        Task trims = Task.Run(async () =>
        {
            while (true) await ledger.CheckpointAndTrimAsync(MaxBytes);
        });
        for (int i = 0; !trims.IsCompleted; i++)
        {
            (ulong key, long amount) = Record(ledger.LastSequence + 1);
            long sequence = ledger.Increment(key, amount);
            if (i % 50 != 0) continue;
            await ledger.WaitDurableAsync(sequence);
            Acknowledgement.Print(sequence);
        }

        await trims;
    }
}
