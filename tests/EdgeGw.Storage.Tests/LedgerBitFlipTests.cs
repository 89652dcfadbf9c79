using EdgeGw.Storage.CrashWriter;

namespace EdgeGw.Storage.Tests;

/// <summary>One flipped bit in any file of a ledger's folder: the totals are right, or the start refuses; never different totals.</summary>
public sealed class LedgerBitFlipTests
{
    [Fact]
    public async Task Ledger_after_one_flipped_bit_in_any_file_has_right_totals_or_refuses()
    {
        int flips = FaultScale.Of(ci: 1_000, release: 50_000);
        Random random = new(20261122);
        int refused = 0, harmless = 0;
        // Several folders, since what lies in one sector or page with what depends on timing.
        for (int made = 0; made < flips; made += 250)
        {
            using TempFolder whole = new();
            await FillAsync(whole);
            string[] files = [.. Directory.EnumerateFiles(whole.Path, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(whole.Path, file)).Where(name => name is not ("lock" or "lock.pid" or "node.id")).Order()];
            using TempFolder flipped = whole.Copy();
            for (int flip = 0; flip < 250; flip++)
            {
                string name = files[flip % files.Length];
                byte[] right = await File.ReadAllBytesAsync(Path.Combine(whole.Path, name));
                if (right.Length == 0) continue;
                int bit = random.Next(right.Length * 8);
                byte[] wrong = [.. right];
                wrong[bit / 8] ^= (byte)(1 << (bit % 8));
                await File.WriteAllBytesAsync(Path.Combine(flipped.Path, name), wrong);
                try
                {
                    await AssertTotalsAsync(flipped, $"{name}: bit {bit % 8} of byte {bit / 8}");
                    harmless++;
                }
                catch (StorageException)
                {
                    refused++;
                }

                flipped.CopyFrom(whole);
            }
        }

        // Both outcomes must have been met, or the test tests nothing.
        Assert.True(refused > flips / 10, $"{refused} of {flips} refused");
        Assert.True(harmless > flips / 10, $"{harmless} of {flips} harmless");
    }

    private static async Task FillAsync(TempFolder temp)
    {
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using TestLedger ledger = TestLedger.Open(folder);
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 1500; i++)
            {
                (ulong key, long amount) = TrimWriter.Record(ledger.LastSequence + 1);
                ledger.Increment(key, amount);
            }

            if (round < 2) await ledger.CheckpointAndTrimAsync(TrimWriter.MaxBytes);
        }
    }

    private static async Task AssertTotalsAsync(TempFolder temp, string where)
    {
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using TestLedger ledger = TestLedger.Open(folder);
        Assert.True(ledger.LastSequence == 4500, $"{where}: ends at {ledger.LastSequence}");
        long[] totals = TrimWriter.TotalsAt(4500);
        for (int key = 0; key < totals.Length; key++)
        {
            long total = ledger.TotalOf((ulong)key);
            Assert.True(total == totals[key], $"{where}: key {key} is {total} instead of {totals[key]}");
        }
    }
}
