using System.Globalization;
using EdgeGw.LoadTests.Lab;

namespace EdgeGw.LoadTests.Reporting;

/// <summary>The run on one page: added times, throughput and paced streams, a column for each target.</summary>
internal sealed class Summary(LabResult result, TextWriter output)
{
    private readonly ScenarioCells[] _scenarios = [.. ScenarioCells.Group(result)];

    public void Write()
    {
        Table("Added to a call, p50 / p99, microseconds", each => each.Scenario.Headline is not null, AddedOf, leavesDirectOut: true);
        Table("Requests a second (processor microseconds a request of the target)", each => each.Scenario is { Rate: 0, IsSwarm: false }, ThroughputOf);
        RatioTable.Write(_scenarios, output);
        Table("Paced streams: clean, or late chunks of all; gap between chunks p99, milliseconds", each => each.Scenario.CountsLate, CleanOf);
        foreach (var (each, why) in _scenarios.Select(each => (each, each.LabIsBottleneck())).Where(pair => pair.Item2 is not null))
        {
            output.WriteLine($"The lab itself is the bottleneck in \"{each.Scenario.Name}\" on this machine, and nobody is judged by it: {why}.");
            output.WriteLine();
        }
    }

    private void Table(string title, Func<ScenarioCells, bool> takes, Func<ScenarioCells, IReadOnlyList<Cell>, string> text, bool leavesDirectOut = false)
    {
        var rows = _scenarios.Where(takes).ToArray();
        var columns = rows.SelectMany(row => row.All).Where(cell => !(leavesDirectOut && cell.IsDirect)).Select(cell => cell.Column).Distinct().OrderBy(ScenarioCells.Rank).ToArray();
        if (rows.Length == 0 || columns.Length == 0)
        {
            return;
        }
        output.WriteLine($"**{title}**");
        output.WriteLine();
        output.WriteLine($"| scenario | {string.Join(" | ", columns)} |");
        output.WriteLine($"|---|{string.Concat(Enumerable.Repeat("--:|", columns.Length))}");
        foreach (var row in rows)
        {
            var cells = columns.Select(column => row.OfColumn(column) is { Count: > 0 } of ? of.Any(cell => cell.Tally.Errors > 0) ? "failed" : text(row, of) : "");
            output.WriteLine($"| {row.Scenario.Name}{(row.LabIsBottleneck() is null ? "" : " (lab is the bottleneck)")} | {string.Join(" | ", cells)} |");
        }
        output.WriteLine();
    }

    private static string AddedOf(ScenarioCells row, IReadOnlyList<Cell> cells)
    {
        var of = row.Scenario.Headline!.Value.Of;
        return $"{Figure.Of(cells, row.Direct, of, 0.5).AddedText} / {Figure.Of(cells, row.Direct, of, 0.99).AddedText}";
    }

    private static string ThroughputOf(ScenarioCells row, IReadOnlyList<Cell> cells)
    {
        var rate = Measuring.Statistics.Median(cells.Select(cell => cell.RequestsPerSecond));
        var cpu = Measuring.Statistics.Median(cells.Select(cell => cell.CpuMicrosecondsPerRequest));
        return string.Create(CultureInfo.InvariantCulture, $"{rate:#,0}{(cells[0].IsDirect ? "" : $" ({cpu:0})")}");
    }

    private static string CleanOf(ScenarioCells row, IReadOnlyList<Cell> cells)
    {
        var (late, all) = (cells.Sum(cell => cell.Tally.LateEvents), cells.Sum(cell => cell.Tally.Gaps.Count));
        var gap = Figure.Of(cells, row.Direct, tally => tally.Gaps, 0.99).Value / 1e6;
        return string.Create(CultureInfo.InvariantCulture, $"{(late == 0 ? "clean" : $"{late} late of {all}")}; {gap:0.0}");
    }
}
