using EdgeGw.Storage.CrashWriter;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Storage.Tests;

/// <summary>Journal, counters and checkpoints together against a dictionary.</summary>
public sealed class LedgerModelTests
{
    private enum Step
    {
        Increment,
        Checkpoint,
        Reopen,
        ReopenAsAfterACrash,
    }

    [Fact]
    public void Ledger_any_increments_checkpoints_and_restarts_equal_the_model()
    {
        Gen<(Step, int)[]> steps = Gen.ArrayOf(
            from step in Gen.Frequency((30, Gen.Constant(Step.Increment)), (3, Gen.Constant(Step.Checkpoint)), (1, Gen.Constant(Step.Reopen)),
                (1, Gen.Constant(Step.ReopenAsAfterACrash)))
            from value in Gen.Choose(1, 1_000_000)
            select (step, value));
        Prop.ForAll(steps.ToArbitrary(), items => RunAsync(items).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20).WithEndSize(120));
    }

    private static async Task RunAsync((Step Step, int Value)[] steps)
    {
        TempFolder temp = new();
        try
        {
            Dictionary<ulong, long> model = [];
            DataFolder folder = DataFolder.Open(temp.Path);
            TestLedger ledger = TestLedger.Open(folder);
            foreach ((Step step, int value) in steps)
            {
                switch (step)
                {
                    case Step.Increment:
                        // A burst, so that counters leave memory and records cross segments.
                        for (int i = 0; i < 40; i++)
                        {
                            ulong key = (ulong)((value + (i * 7919)) % 997);
                            ledger.Increment(key, value + i);
                            model[key] = model.GetValueOrDefault(key) + value + i;
                        }

                        break;
                    case Step.Checkpoint:
                        await ledger.CheckpointAsync();
                        break;
                    case Step.Reopen:
                        await ledger.DisposeAsync();
                        ledger = TestLedger.Open(folder);
                        AssertEqual(model, ledger);
                        break;
                    default:
                        // The copy is what a kill at this moment would leave, while the original still runs.
                        await ledger.WaitDurableAsync(ledger.Increment(0, 1));
                        model[0] = model.GetValueOrDefault(0ul) + 1;
                        TempFolder copy = temp.Copy();
                        await ledger.DisposeAsync();
                        folder.Dispose();
                        temp.Dispose();
                        temp = copy;
                        folder = DataFolder.Open(temp.Path);
                        ledger = TestLedger.Open(folder);
                        AssertEqual(model, ledger);
                        break;
                }
            }

            await ledger.DisposeAsync();
            ledger = TestLedger.Open(folder);
            AssertEqual(model, ledger);
            await ledger.DisposeAsync();
            folder.Dispose();
        }
        finally
        {
            temp.Dispose();
        }
    }

    private static void AssertEqual(Dictionary<ulong, long> model, TestLedger ledger)
    {
        for (ulong key = 0; key < 997; key++) Assert.Equal(model.GetValueOrDefault(key), ledger.TotalOf(key));
    }
}
