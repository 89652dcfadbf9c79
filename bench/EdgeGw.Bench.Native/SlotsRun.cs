using System.Diagnostics;
using System.Globalization;
using EdgeGw.Budgets;
using EdgeGw.Storage;

namespace EdgeGw.Bench.Native;

/// <summary>Reading and then writing one slot of the counter store: of a thousand, and of more than fit in memory.</summary>
internal static class SlotsRun
{
    private const int Calls = 500_000;
    private const int Rounds = 5;

    public static async Task RunAsync()
    {
        Console.WriteLine($"{"slots",-10} {"access",-10} {"ns/op",7} {"RSS MiB",8}");
        foreach (var count in (int[])[1_000, 100_000, 1_000_000, 5_000_000])
        {
            var path = Directory.CreateTempSubdirectory("edgegw-slots-").FullName;
            using (var folder = DataFolder.Open(path))
            using (var store = CounterStore<BudgetSlot>.Open(folder, new CounterStoreOptions(), null))
            {
                for (var key = 0; key < count; key++)
                {
                    store.Write(Key(key), new BudgetSlot { Spent = key });
                }
                Measure(store, "uniform", random => random.Next(count));
                // Nine of ten calls come from a tenth of the callers.
                Measure(store, "90 / 10", random => random.Next(10) == 0 ? random.Next(count) : random.Next(count / 10) * 10);
                var started = Stopwatch.GetTimestamp();
                await store.CheckpointAsync();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,-10} checkpoint {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms"));

                void Measure(CounterStore<BudgetSlot> store, string access, Func<Random, int> next)
                {
                    List<double> times = [];
                    var random = new Random(1);
                    for (var round = 0; round < Rounds; round++)
                    {
                        times.Add(Round(store, random, next));
                    }
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,-10} {access,-10} {times.Order().ElementAt(Rounds / 2),7:0} {Environment.WorkingSet >> 20,8}"));
                }
            }
            Directory.Delete(path, recursive: true);
        }
    }

    private static double Round(CounterStore<BudgetSlot> store, Random random, Func<Random, int> next)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Calls; i++)
        {
            var key = next(random);
            if (!store.TryRead(Key(key), out var slot) || slot.Spent != key)
            {
                throw new InvalidOperationException($"slot {key} reads {slot}");
            }
            slot.AppliedSequence++;
            store.Write(Key(key), slot);
        }
        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / Calls;
    }

    private static CounterKey Key(int i) => new((ulong)i, ~(ulong)i);
}
