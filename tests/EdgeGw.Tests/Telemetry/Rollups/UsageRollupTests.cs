using System.Buffers;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Rollups;
using FsCheck;
using FsCheck.Fluent;
using Outcome = EdgeGw.Requests.Outcome;

namespace EdgeGw.Tests.Telemetry.Rollups;

public sealed class UsageRollupTests
{
    private static readonly DateTimeOffset Start = new(2025, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = Start.AddYears(1);

    private static readonly string[] Dimensions =
    [
        "user", "email", "group", "service", "key", "provider", "model", "route", "dialect", "outcome", "metadata.team", "metadata.env", "hour",
        "day", "month",
    ];

    private static readonly Gen<string[]> AnyDimensions = Gen.SubListOf(Dimensions).Select(static names => names.Take(4).ToArray());

    [Fact]
    public void Report_equals_the_sums_over_all_records() =>
        Prop.ForAll(Generators.Records.Zip(AnyDimensions).Zip(Gen.Choose(0, 80)).ToArbitrary(), input =>
        {
            var ((records, by), fromHour) = input;
            var rollup = new UsageRollup();
            records.ForEach(rollup.Add);
            var from = Start.AddHours(fromHour);
            AssertEqual(Oracle(records.Where(record => record.Time >= from), by), rollup.Query(by, from, End));
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Correction_adds_cost_and_usage_to_the_row_that_it_corrects_and_a_request_to_its_own()
    {
        var charge = Generators.Few(new Random(1)) with { Principal = new() { KeyName = "asks" }, Time = Start, Usage = default, Cost = new NanoUsd(900) };
        var read = charge with
        {
            Principal = new() { KeyName = "reads" },
            Time = Start.AddDays(40),
            Usage = new Usage { Output = 5 },
            Cost = new NanoUsd(-700),
            Corrects = charge,
        };
        var rollup = new UsageRollup();
        rollup.Add(charge);
        rollup.Add(read);

        var rows = rollup.Query(["key", "day"], Start, End);
        Assert.Equal(
            [("asks", "2025-11-01", 1, 200, 5), ("reads", "2025-12-11", 1, 0, 0)],
            rows.Select(row => (row.Values[0], row.Values[1], row.Totals.Requests, (long)row.Totals.CostNanoUsd, row.Totals.Usage.Output)));
    }

    [Fact]
    public void Snapshot_reads_back_as_the_same_rollup() =>
        Prop.ForAll(Generators.Records.Zip(AnyDimensions).ToArbitrary(), input =>
        {
            var rollup = new UsageRollup();
            input.Item1.ForEach(rollup.Add);
            var snapshot = Snapshot(rollup);
            var copy = new UsageRollup();
            copy.Read(snapshot);
            AssertEqual(Oracle(input.Item1, input.Item2), copy.Query(input.Item2, Start, End));
            var cut = snapshot.AsMemory(0, input.Item1.Count * 97 % snapshot.Length);
            Assert.Throws<InvalidDataException>(() => new UsageRollup().Read(cut));
            return copy.RowCount == rollup.RowCount;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Total_counts_a_member_of_two_groups_once()
    {
        var rollup = new UsageRollup();
        rollup.Add(Record("ann") with { Principal = new Principal { User = "ann", Groups = ["dev", "ops"] } });
        UsageDimension.TryParse("group", out var group);
        var report = rollup.Report([group], Start, End);

        Assert.Equal(["dev", "ops"], report.Rows.Select(static row => row.Values[0]));
        Assert.All(report.Rows, static row => Assert.Equal(1000, row.Totals.CostNanoUsd));
        Assert.Equal(1000, report.Total.CostNanoUsd);
    }

    [Fact]
    public void Key_metadata_wins_over_what_the_caller_says()
    {
        var rollup = new UsageRollup();
        rollup.Add(Record("ann") with
        {
            Principal = new Principal { Metadata = new Dictionary<string, string> { ["team"] = "mine" } },
            Metadata = new Dictionary<string, string> { ["team"] = "yours" },
        });
        Assert.Equal("mine", Assert.Single(rollup.Query(["metadata.team"], Start, End)).Values[0]);
    }

    [Fact]
    public void Limit_keeps_the_dearest_rows_and_sums_the_rest()
    {
        var rollup = new UsageRollup();
        for (var i = 1; i <= 10; i++)
        {
            rollup.Add(Record("user" + i) with { Cost = new NanoUsd(i) });
        }
        UsageDimension.TryParse("user", out var user);
        var report = rollup.Report([user], Start, End, limit: 2);

        Assert.True(report.Truncated);
        Assert.Equal([("user10", 10), ("user9", 9), ("other", 36)], report.Rows.Select(static row => (row.Values[0], (int)row.Totals.CostNanoUsd)));
        Assert.Equal(55, report.Total.CostNanoUsd);
    }

    [Fact]
    public void Unknown_dimension_is_an_argument_error() =>
        Assert.Throws<ArgumentException>(() => new UsageRollup().Query(["colour"], Start, End));

    [Fact]
    public void End_of_time_may_be_asked_for()
    {
        var rollup = new UsageRollup();
        rollup.Add(Record("ann"));
        Assert.Single(rollup.Query([], DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
    }

    [Fact]
    public async Task Concurrent_adding_reading_and_coarsening_lose_nothing()
    {
        var rollup = new UsageRollup(maxRows: 100);
        var adding = Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 5000; i++)
            {
                rollup.Add(Record("user" + random.Next(20)) with { Time = Start.AddHours(i / 10) });
            }
        })).ToArray();
        long last = 0;
        while (!adding.All(static task => task.IsCompleted))
        {
            var now = rollup.Report([], Start, End).Total.Requests;
            Assert.True(now >= last, "A report saw a record leave.");
            last = now;
        }
        await Task.WhenAll(adding);

        var total = rollup.Report([], Start, End).Total;
        Assert.Equal(20_000, total.Requests);
        Assert.Equal(20_000_000, total.CostNanoUsd);
    }

    private static UsageRecord Record(string user) => new()
    {
        Id = Guid.NewGuid(),
        Time = Start,
        Principal = new Principal { User = user },
        Model = "m",
        Status = 200,
        Outcome = Outcome.Completed,
        Usage = new Usage { Input = 1 },
        Cost = new NanoUsd(1000),
    };

    private static List<(string Values, UsageTotals Totals)> Oracle(IEnumerable<UsageRecord> records, string[] by) =>
        [.. records
            .SelectMany(record => Groups(record, by).Select(group => (Values: string.Join('|', by.Select(name => Value(record, name, group))), record)))
            .GroupBy(static pair => pair.Values)
            .Select(static rows => (rows.Key, new UsageTotals(
                rows.Count(),
                new Usage
                {
                    Input = rows.Sum(static row => row.record.Usage.Input),
                    CachedInput = rows.Sum(static row => row.record.Usage.CachedInput),
                    Output = rows.Sum(static row => row.record.Usage.Output),
                    WebSearches = rows.Sum(static row => row.record.Usage.WebSearches),
                },
                rows.Sum(static row => row.record.Cost.Value))))
            .OrderBy(static row => row.Key, StringComparer.Ordinal)];

    private static IEnumerable<string> Groups(UsageRecord record, string[] by) =>
        by.Contains("group") && record.Principal.Groups.Count > 0 ? record.Principal.Groups.Distinct() : [""];

    private static string? Value(UsageRecord record, string dimension, string group) => dimension switch
    {
        "user" => record.Principal.User,
        "email" => record.Principal.Email,
        "group" => group,
        "service" => record.Principal.Service,
        "key" => record.Principal.KeyName ?? record.Principal.KeyId,
        "provider" => record.Provider,
        "model" => record.Model ?? record.ModelRequested,
        "route" => record.Route,
        "dialect" => WireNames.Of(record.Dialect),
        "outcome" => WireNames.Of(record.Outcome),
        "hour" => record.Time.ToString("yyyy-MM-ddTHH") + ":00:00Z",
        "day" => record.Time.ToString("yyyy-MM-dd"),
        "month" => record.Time.ToString("yyyy-MM"),
        _ => record.Principal.Metadata.GetValueOrDefault(dimension["metadata.".Length..])
            ?? record.Metadata.GetValueOrDefault(dimension["metadata.".Length..]),
    };

    private static void AssertEqual(List<(string Values, UsageTotals Totals)> expected, IReadOnlyList<UsageRow> actual) =>
        Assert.Equal(expected, actual
            .Select(static row => (string.Join('|', row.Values), row.Totals))
            .OrderBy(static row => row.Item1, StringComparer.Ordinal));

    private static byte[] Snapshot(UsageRollup rollup)
    {
        var output = new ArrayBufferWriter<byte>();
        rollup.Capture().Write(output);
        return output.WrittenSpan.ToArray();
    }
}
