using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Rollups;

namespace EdgeGw.Tests.Telemetry.Rollups;

/// <summary>A known caller's record goes to the row of its last one where it is like that; the oracle is a rollup that knows nobody.</summary>
public sealed class RememberedRowTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Records_of_known_callers_are_summed_like_those_of_callers_seen_for_the_first_time()
    {
        var (known, oracle) = (new UsageRollup(), new UsageRollup());
        var random = new Random(1);
        var callers = Enumerable.Range(0, 3).Select(Caller).ToArray();
        Array.ForEach(callers, static caller => caller.StartNotes());
        for (var i = 0; i < 5_000; i++)
        {
            var caller = random.Next(callers.Length);
            var record = new UsageRecord
            {
                Id = Guid.CreateVersion7(),
                Time = Start.AddHours(random.Next(2)),
                Principal = callers[caller],
                Provider = Either("openai", "groq"),
                ModelRequested = "asked",
                Model = Either("small", null),
                Route = Either("support", null),
                Dialect = random.Next(2) == 0 ? Dialect.ChatCompletions : Dialect.Messages,
                Outcome = random.Next(2) == 0 ? Outcome.Completed : Outcome.Failed,
                Usage = new Usage { Input = random.Next(100), Output = random.Next(100), Reasoning = random.Next(2) },
                Cost = new NanoUsd(1 + random.Next(100)),
            };
            known.Add(record);
            oracle.Add(record with { Principal = Caller(caller) });
        }

        Assert.Equal(Rows(oracle), Rows(known));

        string? Either(string? one, string? other) => random.Next(2) == 0 ? one : other;
    }

    private static Principal Caller(int number) => new() { User = $"user-{number}", KeyName = "key" };

    private static List<string> Rows(UsageRollup rollup) =>
        [.. rollup.Query(["user", "provider", "model", "route", "dialect", "outcome", "hour"], DateTimeOffset.MinValue, DateTimeOffset.MaxValue)
            .Select(static row => $"{string.Join(' ', row.Values)}: {row.Totals}").Order(StringComparer.Ordinal)];
}
