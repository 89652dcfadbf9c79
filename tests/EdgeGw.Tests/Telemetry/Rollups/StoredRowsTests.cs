using System.Buffers;
using EdgeGw.Identity;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Rollups;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Telemetry.Rollups;

/// <summary>A rollup that was read from a checkpoint, whose rows are still bytes, is the same as one that saw every record.</summary>
public sealed class StoredRowsTests
{
    private static readonly DateTimeOffset Start = new(2025, 9, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] All =
        ["user", "email", "group", "service", "key", "provider", "model", "route", "dialect", "outcome", "metadata.team", "metadata.env", "hour"];

    [Fact]
    public void Rollup_that_was_read_grows_reports_and_is_written_as_one_that_was_not() =>
        Prop.ForAll(Generators.Records.Zip(Generators.Records).ToArbitrary(), records =>
        {
            var (whole, read) = Both(records.Item1, records.Item2);

            AssertSame(whole, read);
            var twice = Again(read);
            AssertSame(whole, twice);
            // Rows of which a part was stored and a part was new are written as one.
            return whole.RowCount == read.RowCount && whole.RowCount == twice.RowCount;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Erasure_changes_stored_rows_as_it_changes_others() =>
        Prop.ForAll(Generators.Records.Zip(Generators.Records).ToArbitrary(), records =>
        {
            var (whole, read) = Both(records.Item1, records.Item2);
            var (erased, erasedRead) = (whole.Erase(Ann()), read.Erase(Ann()));

            AssertSame(whole, read);
            AssertSame(whole, Again(read));
            return erased == erasedRead && whole.RowCount == read.RowCount;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Snapshot_after_an_erasure_holds_no_name_that_was_stored()
    {
        var rollup = new UsageRollup();
        rollup.Add(RollupSample.Record("the.unmistakable", Start));
        rollup.Add(RollupSample.Record("tom", Start));
        var read = Again(rollup);
        read.Erase(Erasure.Of(new KeyHasher(new byte[32]), "the.unmistakable"));

        Assert.True(Snapshot(rollup).AsSpan().IndexOf("the.unmistakable"u8) >= 0);
        Assert.True(Snapshot(read).AsSpan().IndexOf("the.unmistakable"u8) < 0);
        Assert.True(Snapshot(read).AsSpan().IndexOf("tom"u8) >= 0);
    }

    [Fact]
    public void Stored_hours_become_days_when_the_rollup_fills_and_keep_who_spent()
    {
        var rollup = new UsageRollup(maxRows: 200);
        // Ten days of one user each hour, and a restart each day: 240 rows do not fit as hours.
        for (var hour = 0; hour < 240; hour++)
        {
            rollup.Add(RollupSample.Record("ann", Start.AddHours(hour)));
            rollup = hour % 24 == 23 ? Again(rollup, maxRows: 200) : rollup;
        }

        Assert.InRange(rollup.RowCount, 1, 200);
        var days = rollup.Query(["user", "day"], Start, Start.AddDays(10));
        Assert.Equal(10, days.Count);
        Assert.All(days, static row => Assert.Equal(("ann", 24), (row.Values[0], (int)row.Totals.Requests)));
        Assert.Equal("2025-09-01", rollup.Query(["hour"], Start, Start.AddDays(10))[0].Values[0]);
    }

    [Fact]
    public void Usage_of_a_day_that_is_stored_goes_to_it_when_its_hours_are_merged()
    {
        var rollup = new UsageRollup(maxRows: 300);
        for (var hour = 0; hour < 24 * 100; hour++)
        {
            rollup.Add(RollupSample.Record("ann", Start.AddHours(hour)));
            // Late, of an hour that may be in its day or month by now.
            rollup.Add(RollupSample.Record("ann", Start.AddHours(Math.Max(0, hour - 60))));
            rollup = hour % 7 == 0 ? Again(rollup, maxRows: 300) : rollup;
        }

        Assert.InRange(rollup.RowCount, 1, 300);
        var row = Assert.Single(rollup.Query(["user"], Start, Start.AddDays(100)));
        Assert.Equal(("ann", 4800, 4_800_000), (row.Values[0], (int)row.Totals.Requests, (long)row.Totals.CostNanoUsd));
        Assert.All(rollup.Query(["month"], Start, Start.AddDays(61)).Zip([1500, 1488]), static pair => Assert.Equal(pair.Second, pair.First.Totals.Requests));
    }

    [Fact]
    public void New_names_beside_a_full_store_share_other_and_stored_names_do_not()
    {
        var rollup = new UsageRollup(maxRows: 50);
        for (var i = 0; i < 60; i++)
        {
            rollup.Add(RollupSample.Record("user" + i, Start));
        }
        var read = Again(rollup, maxRows: 50);
        for (var i = 0; i < 60; i++)
        {
            read.Add(RollupSample.Record("user" + i, Start));
        }

        var users = read.Query(["user"], Start, Start.AddDays(1)).ToDictionary(static row => row.Values[0], static row => row.Totals.Requests);
        Assert.Equal(51, users.Count);
        Assert.Equal(20, users["other"]);
        Assert.All(users.Where(static user => user.Key != "other"), static user => Assert.Equal(2, user.Value));
        Assert.Equal(rollup.RowCount, read.RowCount);
    }

    [Fact]
    public void Checkpoint_of_a_larger_rollup_is_read_whole_into_a_smaller_one_and_new_names_share_other()
    {
        var rollup = new UsageRollup();
        for (var i = 0; i < 500; i++)
        {
            rollup.Add(RollupSample.Record("user" + i, Start));
        }
        var small = Again(rollup, maxRows: 50);
        small.Add(RollupSample.Record("user499", Start));
        small.Add(RollupSample.Record("new", Start));

        var users = small.Query(["user"], Start, Start.AddDays(1)).ToDictionary(static row => row.Values[0], static row => row.Totals.Requests);
        Assert.Equal((501, 2, 1), (users.Count, users["user499"], users["other"]));
    }

    [Fact]
    public async Task Concurrent_adding_to_stored_rows_reading_and_coarsening_lose_nothing()
    {
        var before = new UsageRollup(maxRows: 100);
        for (var i = 0; i < 100; i++)
        {
            before.Add(RollupSample.Record("user" + (i % 20), Start.AddHours(i / 20)));
        }
        var rollup = Again(before, maxRows: 100);
        var adding = Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 5000; i++)
            {
                rollup.Add(RollupSample.Record("user" + random.Next(20), Start.AddHours(i / 10)));
            }
        })).ToArray();
        long last = 100;
        while (!adding.All(static task => task.IsCompleted))
        {
            var now = rollup.Report([], Start, Start.AddYears(1)).Total.Requests;
            Assert.True(now >= last, "A report saw a record leave.");
            last = now;
        }
        await Task.WhenAll(adding);

        Assert.Equal(20_100, rollup.Report([], Start, Start.AddYears(1)).Total.Requests);
        Assert.Equal(20_100, Again(rollup).Report([], Start, Start.AddYears(1)).Total.Requests);
    }

    [Fact]
    public void Names_that_differ_only_beyond_what_is_written_are_counted_once_each()
    {
        var rollup = new UsageRollup();
        var group = new string('g', RecordLimits.MaxStringLength);
        for (var i = 0; i < 6; i++)
        {
            rollup.Add(RollupSample.Record("ann", Start) with { Principal = new Principal { User = "ann", Groups = [group + (i % 2)] } });
            rollup = i % 3 == 2 ? Again(rollup) : rollup;
        }
        Assert.Equal(6, rollup.Report([], Start, Start.AddDays(1)).Total.Requests);
        Assert.Equal(6, Again(Again(rollup)).Report([], Start, Start.AddDays(1)).Total.Requests);
    }

    private static Erasure Ann() => Erasure.Of(new KeyHasher(new byte[32]), "ann");

    private static UsageRollup Again(UsageRollup rollup, int maxRows = UsageRollup.DefaultMaxRows)
    {
        var read = new UsageRollup(maxRows);
        read.Read(Snapshot(rollup));
        return read;
    }

    /// <summary>One that saw all records, and one that was read between them.</summary>
    private static (UsageRollup Whole, UsageRollup Read) Both(List<UsageRecord> before, List<UsageRecord> after)
    {
        var (whole, early) = (new UsageRollup(), new UsageRollup());
        before.ForEach(whole.Add);
        before.ForEach(early.Add);
        var read = Again(early);
        after.ForEach(whole.Add);
        after.ForEach(read.Add);
        return (whole, read);
    }

    private static byte[] Snapshot(UsageRollup rollup)
    {
        var output = new ArrayBufferWriter<byte>();
        rollup.Capture().Write(output);
        return output.WrittenSpan.ToArray();
    }

    private static void AssertSame(UsageRollup expected, UsageRollup actual) => Assert.Equal(Lines(expected), Lines(actual));

    private static List<(string, UsageTotals)> Lines(UsageRollup rollup) =>
        [.. rollup.Query(All, DateTimeOffset.MinValue, DateTimeOffset.MaxValue)
            .Select(static row => (string.Join('|', row.Values), row.Totals))
            .OrderBy(static row => row.Item1, StringComparer.Ordinal)];
}
