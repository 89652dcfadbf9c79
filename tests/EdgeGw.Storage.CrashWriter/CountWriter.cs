namespace EdgeGw.Storage.CrashWriter;

/// <summary>Increments counters while checkpoints are taken one after another, and prints sequences that were acknowledged.</summary>
public static class CountWriter
{
    /// <summary>The line after each checkpoint; all others are acknowledgements.</summary>
    public const string Checkpointed = "checkpoint";

    internal static async Task RunAsync(DataFolder folder)
    {
        await using TestLedger ledger = TestLedger.Open(folder);
        Task checkpoints = Task.Run(async () =>
        {
            while (true)
            {
                await ledger.CheckpointAsync();
                Console.WriteLine(Checkpointed);
            }
        });
        Random random = new(Environment.ProcessId);
        while (!checkpoints.IsCompleted)
        {
            // More keys than fit in memory.
            long sequence = ledger.Increment((ulong)random.Next(5000), random.Next(1, 100));
            if (random.Next(50) != 0) continue;
            await ledger.WaitDurableAsync(sequence);
            Acknowledgement.Print(sequence);
        }

        await checkpoints;
    }
}
