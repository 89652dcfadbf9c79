using EdgeGw.Budgets;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;

namespace EdgeGw.Tests.Hosting.DryRuns;

/// <summary>Dry runs over whatever the ledger admitted: holds beside each other, growing ones, overruns, voids, restarts, windows that pass.</summary>
public sealed class DryRunOracleTests
{
    private const string Rules = """
        "policies": [ { "name": "all", "match": { "groups": ["dev"] }, "allow": { "models": ["openai/*"] } } ],
        "budgets": [
          { "name": "company", "amount_usd": 0.006, "window": "day" },
          { "name": "person", "per": ["user"], "amount_usd": { "default": 0.0006, "groups": { "senior": 0.0008 } }, "window": "hour", "hard": true },
          { "name": "rolling", "per": ["user"], "amount_usd": 0.0012, "window": "rolling 3h" } ],
        """;

    private static readonly Principal[] Callers =
    [
        .. Enumerable.Range(0, 4).Select(static i => new Principal { User = $"u{i}", Groups = i == 0 ? ["dev", "senior"] : ["dev"] }),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Unchanged_configuration_refuses_nothing_and_costs_exactly_what_was_recorded(int seed)
    {
        await using var node = await RecordedNode.StartAsync(Rules);
        var refused = await FillAsync(node, new Random(seed), restarts: true);

        var report = await node.DryRunAsync(Rules, last: 10_000);
        var some = await node.DryRunAsync(Rules, last: 20);

        Assert.True(refused > 20, $"{refused} calls were refused: the budgets must be tight for this to show anything.");
        Assert.Equal([], RecordedNode.Refusals(report));
        Assert.Equal(node.Store.Rollup.Report([], DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Total.CostNanoUsd, (Int128)report.Total.Recorded);
        Assert.Equal(report.Total.Recorded, report.Total.Would);
        Assert.Equal((20, 0), (some.Total.Calls, some.Total.Refused));
        Assert.Equal(some.Total.Recorded, some.Total.Would);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Smaller_budget_refuses_whom_a_list_of_what_happened_refuses(int seed)
    {
        await using var node = await RecordedNode.StartAsync();
        var happened = new List<Step>();
        await FillAsync(node, new Random(seed), restarts: false, happened);

        var report = await node.DryRunAsync("""
            "budgets": [ { "name": "person", "per": ["user"], "amount_usd": 0.0002, "window": "hour" } ],
            """, last: 10_000);

        var expected = Refused(happened, 200_000);
        Assert.NotEmpty(expected);
        Assert.Equal(expected, report.RefusedBy.ToDictionary(static row => row.Key.Caller, static row => row.Value.Calls));
    }

    /// <summary>Step by step, adding up everything anew each time.</summary>
    private static Dictionary<string, int> Refused(List<Step> happened, long amount)
    {
        var refused = new HashSet<int>();
        for (var i = 0; i < happened.Count; i++)
        {
            if (happened[i] is not { Kind: StepKind.Hold } step)
            {
                continue;
            }
            var used = 0L;
            foreach (var other in happened.Take(i).Where(other => other.Kind == StepKind.Hold && other.User == step.User && Hour(other) == Hour(step) && !refused.Contains(other.Call)))
            {
                var ended = happened.Take(i).FirstOrDefault(end => end.Kind == StepKind.End && end.Call == other.Call);
                used += ended?.Amount ?? happened.Take(i).Where(each => each.Call == other.Call).Sum(static each => each.Amount);
            }
            if (used + step.Amount > amount)
            {
                refused.Add(step.Call);
            }
        }
        return happened.Where(step => step.Kind == StepKind.Hold && refused.Contains(step.Call)).GroupBy(static step => step.User).ToDictionary(static user => user.Key, static user => user.Count());

        static DateTimeOffset Hour(Step step) => new(step.Time.Date.AddHours(step.Time.Hour), TimeSpan.Zero);
    }

    private static async Task<int> FillAsync(RecordedNode node, Random random, bool restarts, List<Step>? happened = null)
    {
        var open = new List<(int Call, (Hold Hold, UsageRecord Draft) Held)>();
        var refused = 0;
        for (var step = 0; step < 500; step++)
        {
            if (restarts && step is (150 or 400))
            {
                await node.Store.DisposeAsync();
                await node.OpenAsync();
                open.Clear();
            }
            switch (random.Next(100))
            {
                case < 45:
                    var caller = Callers[random.Next(Callers.Length)];
                    var spare = random.Next(4) == 0 ? -20_000 : random.Next(50_000);
                    if (node.Begin(caller, random.Next(25, 80), record => Vary(record, random), spare) is { } begun)
                    {
                        open.Add((step, begun));
                        happened?.Add(new Step(StepKind.Hold, step, caller.User!, node.Time.Now, begun.Hold.Amount.Value));
                    }
                    else
                    {
                        refused++;
                    }
                    break;
                case < 80 when open.Count > 0:
                    var (call, held) = open[random.Next(open.Count)];
                    open.RemoveAll(each => each.Call == call);
                    var cost = held.Draft.Cost;
                    if (random.Next(5) == 0)
                    {
                        cost = NanoUsd.Zero;
                        node.Store.Ledger.Void(held.Hold, held.Draft with { Cost = cost, Hold = held.Hold.Amount, Usage = default, Status = 500 }, out _);
                    }
                    else
                    {
                        node.End(held);
                    }
                    happened?.Add(new Step(StepKind.End, call, held.Draft.Principal.User!, node.Time.Now, cost.Value));
                    break;
                case < 88 when open.Count > 0:
                    var (grown, more) = open[random.Next(open.Count)];
                    if (node.Store.Ledger.TryExtend(more.Hold, new NanoUsd(10_000), out _))
                    {
                        happened?.Add(new Step(StepKind.Grow, grown, more.Draft.Principal.User!, node.Time.Now, 10_000));
                    }
                    break;
                default:
                    node.Time.Now += TimeSpan.FromMinutes(random.Next(15));
                    break;
            }
        }
        foreach (var (call, held) in open)
        {
            node.End(held);
            happened?.Add(new Step(StepKind.End, call, held.Draft.Principal.User!, node.Time.Now, held.Draft.Cost.Value));
        }
        return refused;
    }

    private static UsageRecord Vary(UsageRecord record, Random random)
    {
        var usage = record.Usage with { Output = random.Next(40) };
        return random.Next(3) switch
        {
            0 => record with { Usage = usage, Model = "small", ModelRequested = "fast", Request = record.Request!.Value with { Target = "small", Traits = RequestTraits.Unified } },
            1 => record with { Usage = usage, Dialect = Dialect.Responses, Stream = true },
            _ => record with { Usage = usage },
        };
    }

    private enum StepKind
    {
        Hold,
        Grow,
        End,
    }

    private sealed record Step(StepKind Kind, int Call, string User, DateTimeOffset Time, long Amount);
}
