using System.Globalization;
using System.Security.Cryptography;
using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using EdgeGw.Limits;
using EdgeGw.Matching;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;

namespace EdgeGw.Bench.Native;

/// <summary>Admission and settlement over four nested budgets (company, team, user, key) and two limits, the journal's append included, its commit by the writer's thread not: processor time of the calling thread.</summary>
internal static class LedgerRun
{
    private const int Rounds = 9;
    private const int Calls = 20_000;
    private const int WarmCalls = 50_000;

    /// <param name="callers">How many take turns, for each run.</param>
    /// <returns>False when calls of known scopes allocate.</returns>
    public static async Task<bool> RunAsync(IEnumerable<int> callers)
    {
        Console.WriteLine();
        Console.WriteLine($"{"callers",-10} {"in turn ns",11} {"B/call",7} {"random ns",10} {"skewed ns",10} {"limits ns",10} {"SHA-256 of 1 KiB ns",20}");
        var clean = true;
        foreach (var count in callers)
        {
            var figures = await MeasureAsync(count);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{count,-10} {figures.InTurn,11:0} {figures.Bytes,7:0} {figures.Random,10:0} {figures.Skewed,10:0} {figures.Limits,10:0} {figures.Yardstick,20:0}"));
            // The journal takes a new page now and then; what a call itself takes would be a whole object at least.
            clean &= count > 1_000 || figures.Bytes < 8;
        }
        return clean;
    }

    private static async Task<(double InTurn, double Bytes, double Random, double Skewed, double Limits, double Yardstick)> MeasureAsync(int count)
    {
        var folder = Directory.CreateTempSubdirectory("edgegw-bench-");
        var company = new BudgetConfig { Name = "company", Amount = NanoUsd.FromDollars(900_000_000), Window = BudgetWindow.Month };
        BudgetConfig Split(string name, CallDimension by) => company with { Name = name, Per = [by] };
        var config = new GatewayConfig
        {
            DataDirectory = folder.FullName,
            Durability = Durability.Relaxed,
            Budgets = [company, Split("team", CallDimension.Metadata("team")), Split("user", CallDimension.User), Split("key", CallDimension.Key)],
        };
        var store = await DataStore.OpenAsync(config, null, TimeProvider.System);
        var table = new LimitTable(
            [
                new LimitConfig { Name = "rpm", Kind = LimitKind.Requests, Amount = 1_000_000, Window = TimeSpan.FromMinutes(1), Per = [CallDimension.User] },
                new LimitConfig { Name = "tpm", Kind = LimitKind.Tokens, Amount = 1_000_000, Window = TimeSpan.FromMinutes(1), Algorithm = LimitAlgorithm.Sliding, Per = [CallDimension.User] },
            ], TimeProvider.System);
        var callers = Enumerable.Range(0, count).Select(static i => SampleCall.Caller(user: i / 2, key: i)).ToArray();
        var record = SampleCall.Of(callers[0]);
        var (hold, lease) = ((Hold?)null, new LimitLease());
        var random = new Random(1);
        for (var i = 0; i < Math.Max(WarmCalls, 2 * count); i++)
        {
            Call(callers[i % count]);
        }
        // What the collector still does about the preparation is no call's.
        GC.Collect();
        var turn = 0;
        List<double> inTurn = [], anyone = [], skewed = [], limits = [], yardstick = [];
        var allocated = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            inTurn.Add(Run(() => turn++ % count));
            anyone.Add(Run(() => random.Next(count)));
            limits.Add(Limit());
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            // Zipf's law with exponent 1, as people use things: each power of two of callers makes as many calls as the next.
            skewed.Add(Run(() => (int)Math.Pow(count, random.NextDouble()) - 1));
            yardstick.Add(Hash(Calls / 10));
        }
        await store.DisposeAsync();
        folder.Delete(recursive: true);
        return (Median(inTurn), (double)allocated / Rounds / (2 * Calls), Median(anyone), Median(skewed), Median(limits), Median(yardstick));

        void Call(Principal caller)
        {
            SampleCall.SetCaller(record, caller);
            hold = store.Ledger.TryHold(caller, new NanoUsd(1000), record, reuse: hold).Hold!;
            store.Ledger.Settle(hold, record, out _);
        }

        double Run(Func<int> next)
        {
            var started = ThreadClock.Now();
            for (var i = 0; i < Calls; i++)
            {
                Call(callers[next()]);
            }
            return (ThreadClock.Now() - started) / Calls;
        }

        double Limit()
        {
            var started = ThreadClock.Now();
            for (var i = 0; i < Calls; i++)
            {
                // The caller's own limits: a thousand of them, which all fit.
                table.TryTake(CallSubject.Of(callers[i % Math.Min(count, 1000)], record), 300, lease);
                table.End(lease, 1, 120);
            }
            return (ThreadClock.Now() - started) / Calls;
        }
    }

    // How fast the machine is at the moment: it is shared.
    private static double Hash(int calls)
    {
        Span<byte> data = stackalloc byte[1024];
        var started = ThreadClock.Now();
        for (var i = 0; i < calls; i++)
        {
            SHA256.HashData(data, data);
        }
        return (ThreadClock.Now() - started) / calls;
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
