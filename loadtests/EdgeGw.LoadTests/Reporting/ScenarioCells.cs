using EdgeGw.LoadTests.Lab;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Reporting;

/// <summary>All cells of one scenario.</summary>
internal sealed class ScenarioCells(Scenario scenario, IReadOnlyList<Cell> cells)
{
    /// <summary>Requests that leave later than this after their moment say more about the lab than about a target.</summary>
    private static readonly double TolerableLateness = Clock.Milliseconds(1);

    public Scenario Scenario { get; } = scenario;

    public IReadOnlyList<Cell> All { get; } = cells;

    public IReadOnlyList<Cell> Direct { get; } = [.. cells.Where(cell => cell.IsDirect).OrderBy(cell => cell.Round)];

    public double ForeignCpu => Statistics.Median(All.Select(cell => cell.ForeignCpu));

    /// <summary>In the order in which they were started: direct, others, ours.</summary>
    public IEnumerable<string> Targets => All.Where(cell => cell.Round == 0).Select(cell => cell.Target).Distinct().OrderBy(Rank);

    public static IEnumerable<ScenarioCells> Group(LabResult result) =>
        result.Cells.GroupBy(cell => cell.Scenario).Select(group => new ScenarioCells(group.Key, [.. group]));

    public IReadOnlyList<Cell> Of(string target) => [.. All.Where(cell => cell.Target == target).OrderBy(cell => cell.Round)];

    /// <returns>Empty when that column has no part in the scenario.</returns>
    public IReadOnlyList<Cell> OfColumn(string column) => [.. All.Where(cell => cell.Column == column).OrderBy(cell => cell.Round)];

    public static int Rank(string target) => target switch { LabResult.Direct => 0, "nginx" => 1, "haproxy" => 2, "portkey" => 3, "edgegw strict" => 5, "edgegw bare" => 6, _ => 4 };

    /// <returns>Why no target can be judged by this scenario on this machine; null when they can.</returns>
    public string? LabIsBottleneck()
    {
        var pace = Clock.Milliseconds(Scenario.Order.PaceMilliseconds);
        if (Scenario.CountsLate)
        {
            var gap = Statistics.Median(Direct.Select(cell => cell.Tally.Gaps.Quantile(0.99)));
            var late = Direct.Sum(cell => cell.Tally.LateEvents);
            if (gap > 2 * pace || late > 0)
            {
                return FormattableString.Invariant($"without anything between, the 99th percentile of the gaps is {gap / 1e6:0.0} ms at a pace of {pace / 1e6:0} ms, and {late} chunks are late");
            }
        }
        if (Scenario.Rate > 0)
        {
            var lateness = Statistics.Median(Direct.Select(cell => cell.Tally.Lateness.Quantile(0.99)));
            if (lateness > TolerableLateness || Direct.Any(cell => cell.Tally.Unsent > 0))
            {
                return FormattableString.Invariant($"without anything between, 1 % of the requests leave more than {lateness / 1e3:0} us after their moment");
            }
        }
        return null;
    }
}
