using System.Globalization;
using EdgeGw.Cli;
using EdgeGw.Pricing;

namespace EdgeGw.Hosting.DryRuns;

/// <summary>A dry run's report for people.</summary>
internal static class DryRunText
{
    private const int MostRows = 10;

    public static void Write(DryRunReport report, TextWriter output)
    {
        var total = report.Total;
        output.WriteLine(total.Calls == 0
            ? "calls     none recorded"
            : string.Create(CultureInfo.InvariantCulture, $"calls     {total.Calls}, {report.From:yyyy-MM-dd'T'HH:mm:ss'Z'} to {report.Until:yyyy-MM-dd'T'HH:mm:ss'Z'}"));
        output.WriteLine($"refused   {Number(total.Refused)}");
        output.WriteLine($"cost      {Usd(total.Recorded)} USD as recorded, {Usd(total.Would)} USD as configured here");
        Write(output, "Refused", ["by", "rule", "caller", "reason", "calls", "recorded USD"], 4, report.RefusedBy, static row =>
            [row.Key.Kind, row.Key.Rule, row.Key.Caller, row.Value.Reason, Number(row.Value.Calls), Usd(row.Value.Recorded)]);
        Write(output, "Callers", ["caller", "calls", "refused", "recorded USD", "would cost USD"], 1, report.Callers, Cells);
        Write(output, "Groups", ["group", "calls", "refused", "recorded USD", "would cost USD"], 1, report.Groups, Cells);
        Write(output, "Sent elsewhere", ["by", "rule", "to", "calls"], 3, [.. report.MovedBy], static row =>
            [row.Key.Kind, row.Key.Rule, row.Key.Target, Number(row.Value)]);
        Write(output, "Would be refused, were it in force", ["by", "rule", "calls"], 2, [.. report.WouldBeRefusedBy], static row =>
            [row.Key.Kind, row.Key.Rule, Number(row.Value)]);
        Write(output, "Not judged", ["what", "why", "calls"], 2, [.. report.NotJudged], static row => [row.Key.What, row.Key.Why, Number(row.Value)]);
        Write(output, "Cost as recorded, not priced anew", ["why", "calls"], 1, [.. report.CostsKept], static row => [row.Key, Number(row.Value)]);
    }

    private static void Write<TRow>(TextWriter output, string title, string[] header, int leftColumns, IReadOnlyList<TRow> rows, Func<TRow, string[]> cells)
    {
        if (rows.Count == 0)
        {
            return;
        }
        output.WriteLine();
        output.WriteLine(title);
        var table = new TextTable(header, leftColumns);
        foreach (var row in rows.Take(MostRows))
        {
            table.Add(cells(row));
        }
        table.Write(output);
        if (rows.Count > MostRows)
        {
            output.WriteLine($"and {Number(rows.Count - MostRows)} more; --json has up to a hundred");
        }
    }

    private static string[] Cells(KeyValuePair<string, DryRunReport.Totals> row) =>
        [row.Key, Number(row.Value.Calls), Number(row.Value.Refused), Usd(row.Value.Recorded), Usd(row.Value.Would)];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A sum of at most a hundred thousand costs, each of which fits by far.</summary>
    private static string Usd(Int128 nanoUsd) => ((decimal)nanoUsd / NanoUsd.PerDollar).ToString("0.000000000", CultureInfo.InvariantCulture);
}
