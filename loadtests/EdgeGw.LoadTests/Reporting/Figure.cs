using System.Globalization;
using EdgeGw.LoadTests.Lab;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Reporting;

/// <summary>One quantile of one target in one scenario: itself, and what it adds to direct of the same round. Nanoseconds.</summary>
/// <param name="Value">Median over rounds.</param>
/// <param name="Added">Median over rounds of the difference to direct; with the least and the greatest.</param>
/// <param name="IsPooled">A round had too few values of its own: all rounds are taken together, and there is no spread.</param>
internal readonly record struct Figure(double Value, double Added, double Least, double Most, bool IsPooled)
{
    /// <summary>Below this many values a round has no 99th percentile of its own.</summary>
    private const int EnoughForP99 = 300;

    /// <param name="cells">Of one target, one for each round.</param>
    /// <param name="direct">Of direct, in the same rounds.</param>
    public static Figure Of(IReadOnlyList<Cell> cells, IReadOnlyList<Cell> direct, Func<Tally, LatencyHistogram> of, double fraction)
    {
        if (fraction > 0.5 && cells.Concat(direct).Any(cell => of(cell.Tally).Count < EnoughForP99))
        {
            var (all, baseline) = (Pool(cells, of).Quantile(fraction), Pool(direct, of).Quantile(fraction));
            return new Figure(all, all - baseline, 0, 0, IsPooled: true);
        }
        var values = cells.Select(cell => of(cell.Tally).Quantile(fraction)).ToArray();
        var added = cells.Select((cell, i) => values[i] - of(direct.Single(each => each.Round == cell.Round).Tally).Quantile(fraction)).ToArray();
        return new Figure(Statistics.Median(values), Statistics.Median(added), added.Min(), added.Max(), IsPooled: false);
    }

    public string ValueText => Mark + Us(Value);

    public string AddedText => Mark + Us(Added);

    public string AddedWithSpread => IsPooled ? AddedText : $"{Us(Added)} [{Us(Least)} .. {Us(Most)}]";

    private string Mark => IsPooled ? "~" : "";

    private static string Us(double nanoseconds) => (nanoseconds / 1000).ToString("0", CultureInfo.InvariantCulture);

    private static LatencyHistogram Pool(IEnumerable<Cell> cells, Func<Tally, LatencyHistogram> of)
    {
        var all = new LatencyHistogram();
        foreach (var cell in cells)
        {
            all.Add(of(cell.Tally));
        }
        return all;
    }
}
