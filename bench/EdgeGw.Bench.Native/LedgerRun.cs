using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using EdgeGw.Limits;
using EdgeGw.Matching;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Telemetry;

namespace EdgeGw.Bench.Native;

/// <summary>Admission and settlement over four nested budgets (company, team, user, key) and two limits, the journal's append included, its commit not waited for.</summary>
internal static class LedgerRun
{
    private const int Rounds = 9;
    private const int Calls = 20_000;
    private const int WarmCalls = 50_000;

    /// <param name="large">Also more callers than accounts fit in memory, which takes minutes.</param>
    /// <returns>False when calls of known scopes allocate.</returns>
    public static async Task<bool> RunAsync(bool large)
    {
        Console.WriteLine();
        Console.WriteLine($"{"callers",-10} {"budgets ns",11} {"limits ns",10} {"B/call",7} {"SHA-256 of 1 KiB ns",20}");
        var clean = true;
        foreach (var callers in large ? (int[])[1_000, 20_000, 1_000_000] : [1_000, 20_000])
        {
            var (ledger, limits, bytes, yardstick) = await MeasureAsync(callers);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{callers,-10} {ledger,11:0} {limits,10:0} {bytes,7:0} {yardstick,20:0}"));
            // The journal takes a new page now and then; what a call itself takes would be a whole object at least.
            clean &= callers > 1_000 || bytes < 8;
        }
        return clean;
    }

    private static async Task<(double Ledger, double Limits, double Bytes, double Yardstick)> MeasureAsync(int count)
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
        var records = Enumerable.Range(0, count).Select(Record).ToArray();
        var (hold, lease, next) = ((Hold?)null, new LimitLease(), 0);
        Run(Math.Max(WarmCalls, 2 * count));
        List<double> ledger = [], limits = [], yardstick = [];
        var allocated = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            ledger.Add(Run(Calls));
            limits.Add(Limit(Calls));
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            yardstick.Add(Hash(Calls / 10));
        }
        await store.DisposeAsync();
        folder.Delete(recursive: true);
        return (Median(ledger), Median(limits), (double)allocated / Rounds / Calls, Median(yardstick));

        double Run(int calls)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < calls; i++)
            {
                var record = records[next++ % count];
                hold = store.Ledger.TryHold(record.Principal, new NanoUsd(1000), record, reuse: hold).Hold!;
                store.Ledger.Settle(hold, record, out _);
            }
            return Stopwatch.GetElapsedTime(started).TotalNanoseconds / calls;
        }

        double Limit(int calls)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < calls; i++)
            {
                // The caller's own limits: a thousand of them, which all fit.
                var record = records[i % Math.Min(count, 1000)];
                table.TryTake(CallSubject.Of(record.Principal, record), 300, lease);
                table.End(lease, 1, 120);
            }
            return Stopwatch.GetElapsedTime(started).TotalNanoseconds / calls;
        }
    }

    // How fast the machine is at the moment: it is shared.
    private static double Hash(int calls)
    {
        Span<byte> data = stackalloc byte[1024];
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
        {
            SHA256.HashData(data, data);
        }
        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / calls;
    }

    private static UsageRecord Record(int i) => new()
    {
        Id = Guid.CreateVersion7(),
        Time = TimeProvider.System.GetUtcNow(),
        Principal = new Principal
        {
            KeyId = $"key_{i}",
            KeyName = $"key-{i}",
            User = $"user-{i / 2}",
            Metadata = new Dictionary<string, string> { ["team"] = $"team-{i % 50}" },
        },
        Dialect = Dialect.ChatCompletions,
        Provider = "openai",
        ModelRequested = "gpt-4o-mini",
        Model = "gpt-4o-mini-2024-07-18",
        Status = 200,
        Outcome = Outcome.Completed,
        Usage = new Usage { Input = 1000, Output = 200 },
        UsageSource = UsageSource.Provider,
        Cost = new NanoUsd(270),
        CostSource = CostSource.Catalogue,
        Hold = new NanoUsd(1000),
    };

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
