using System.Globalization;
using EdgeGw.LoadTests.Lab;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Reporting;

/// <summary>The gateway as a multiple of nginx: what to compare from one run to the next on the same machine, however noisy.</summary>
internal static class RatioTable
{
    public static void Write(IEnumerable<ScenarioCells> scenarios, TextWriter output)
    {
        var rows = scenarios.Where(each => each.LabIsBottleneck() is null).Select(each => (each.Scenario, Ours: each.OfColumn("edgegw"), Theirs: each.OfColumn("nginx")))
            .Where(row => row.Scenario.Headline is not null && row.Ours.Count > 0 && row.Theirs.Count > 0 && row.Ours.Concat(row.Theirs).All(cell => cell.Tally.Errors == 0))
            .ToArray();
        if (rows.Length == 0)
        {
            return;
        }
        output.WriteLine("**edgegw as a multiple of nginx**");
        output.WriteLine();
        output.WriteLine("| scenario | whole time p50 | requests a second | processor time a request |");
        output.WriteLine("|---|--:|--:|--:|");
        foreach (var (scenario, ours, theirs) in rows)
        {
            var of = scenario.Headline!.Value.Of;
            var time = Ratio(ours, theirs, cell => of(cell.Tally).Quantile(0.5));
            var rate = scenario is { Rate: 0, IsSwarm: false } ? Ratio(ours, theirs, cell => cell.RequestsPerSecond) : "";
            output.WriteLine($"| {scenario.Name} | {time} | {rate} | {Ratio(ours, theirs, cell => cell.CpuMicrosecondsPerRequest)} |");
        }
        output.WriteLine();
    }

    private static string Ratio(IEnumerable<Cell> ours, IEnumerable<Cell> theirs, Func<Cell, double> of)
    {
        // Processor time is counted in hundredths of a second: a short cell may show none.
        var divisor = Statistics.Median(theirs.Select(of));
        return divisor == 0 ? "" : (Statistics.Median(ours.Select(of)) / divisor).ToString("0.00", CultureInfo.InvariantCulture);
    }
}
