using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Telemetry.Rollups;

namespace EdgeGw.Tests.Telemetry.Rollups;

/// <summary>What gives way when the rollup is full, and in which order.</summary>
public sealed class RollupBoundTests
{
    private static readonly DateTimeOffset Start = new(2025, 9, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Full_rollup_turns_old_hours_into_days_and_keeps_who_spent()
    {
        var rollup = new UsageRollup(maxRows: 200);
        // Ten days of one user each hour: 240 rows do not fit as hours.
        for (var hour = 0; hour < 240; hour++)
        {
            rollup.Add(RollupSample.Record("ann", Start.AddHours(hour)));
        }

        Assert.InRange(rollup.RowCount, 1, 200);
        var days = rollup.Query(["user", "day"], Start, Start.AddDays(10));
        Assert.Equal(10, days.Count);
        Assert.All(days, static row => Assert.Equal(("ann", 24), (row.Values[0], (int)row.Totals.Requests)));
        // Hours that are gone are reported under their day; the young ones are still there.
        var hours = rollup.Query(["hour"], Start, Start.AddDays(10));
        Assert.Equal("2025-09-01", hours[0].Values[0]);
        Assert.Equal("2025-09-10T23:00:00Z", hours[^1].Values[0]);
        Assert.Equal(24, hours[0].Totals.Requests);
    }

    [Fact]
    public void Old_days_become_months()
    {
        var rollup = new UsageRollup(maxRows: 150);
        for (var hour = 0; hour < 24 * 200; hour++)
        {
            rollup.Add(RollupSample.Record("ann", Start.AddHours(hour)));
        }

        Assert.InRange(rollup.RowCount, 1, 150);
        var months = rollup.Query(["user", "month"], Start, Start.AddDays(200));
        Assert.Equal([("ann", "2025-09", 720), ("ann", "2025-10", 744), ("ann", "2025-11", 720), ("ann", "2025-12", 744)],
            months.Take(4).Select(static row => (row.Values[0], row.Values[1], (int)row.Totals.Requests)));
        Assert.DoesNotContain(months, static row => row.Values[0] == "other");
    }

    [Fact]
    public void Only_when_time_cannot_give_way_do_new_names_share_other_and_totals_stay_exact()
    {
        var rollup = new UsageRollup(maxRows: 50);
        for (var i = 0; i < 500; i++)
        {
            rollup.Add(RollupSample.Record("user" + i, Start));
        }

        Assert.InRange(rollup.RowCount, 50, 51);
        var rows = rollup.Query(["user"], Start, Start.AddDays(1));
        Assert.Equal(500, rows.Sum(static row => row.Totals.Requests));
        Assert.Equal(450, rows.Single(static row => row.Values[0] == "other").Totals.Requests);
    }

    [Fact]
    public void Unique_metadata_per_request_does_not_fill_the_rollup()
    {
        var rollup = new UsageRollup(maxRows: 5000);
        for (var i = 0; i < 4000; i++)
        {
            rollup.Add(RollupSample.Record("ann", Start) with { Metadata = new Dictionary<string, string> { ["request"] = "r" + i } });
        }
        Assert.Equal(1001, rollup.RowCount);
    }

    [Fact]
    public void Names_of_refused_requests_take_no_room()
    {
        var rollup = new UsageRollup();
        for (var i = 0; i < 3000; i++)
        {
            rollup.Add(RollupSample.Record("ann", Start) with
            {
                Model = "junk" + i,
                Status = 404,
                Outcome = Outcome.Refused,
                Cost = NanoUsd.Zero,
                Metadata = new Dictionary<string, string> { ["n" + i] = "v" + i },
            });
        }
        rollup.Add(RollupSample.Record("ann", Start) with { Model = "real" });

        Assert.Equal(["real", "other"], rollup.Query(["model"], Start, Start.AddDays(1)).Select(static row => row.Values[0]));
        Assert.Equal(2, rollup.RowCount);
    }

    [Fact]
    public void Last_tick_of_an_hour_belongs_to_it()
    {
        var rollup = new UsageRollup();
        rollup.Add(RollupSample.Record("ann", Start.AddHours(1).AddTicks(-1)));
        rollup.Add(RollupSample.Record("ann", Start.AddHours(1)));
        Assert.Equal(1, Assert.Single(rollup.Query([], Start, Start.AddHours(1))).Totals.Requests);
        Assert.Equal(1, Assert.Single(rollup.Query([], Start.AddHours(1), Start.AddHours(1).AddTicks(1))).Totals.Requests);
    }
}
