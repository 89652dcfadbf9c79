using System.Globalization;
using System.Net;
using System.Text;
using EdgeGw.LoadTests.Lab;

namespace EdgeGw.LoadTests.Reporting;

/// <summary>The summary as an SVG of bars: added p50 (dark) and p99 (light), a panel for each scenario with a scale of its own.</summary>
internal sealed class Chart
{
    private const int Width = 760;
    private const int LabelWidth = 130;
    private const int ValueWidth = 90;
    private const int RowHeight = 26;
    private const int BarHeight = 9;
    private const int TitleHeight = 30;
    private readonly StringBuilder _body = new();
    private int _y = 10;

    public static string Draw(LabResult result, Provenance provenance)
    {
        var chart = new Chart();
        chart.Text(10, chart._y += 14, "Added to a call, microseconds: p50 dark, p99 light; direct subtracted, medians over rounds", "bold");
        chart.Text(10, chart._y += 18, Invariant($"{result.Begun:yyyy-MM-dd HH:mm} UTC, {result.Machine.Processor}, {result.Machine.Processors} processors, edgegw sha256 {provenance.Sha256[..16]}"), "normal");
        foreach (var scenario in ScenarioCells.Group(result).Where(each => each.Scenario.Headline is not null))
        {
            chart.Panel(scenario);
        }
        return Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{chart._y + 16}\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{chart._body}</svg>\n");
    }

    private void Panel(ScenarioCells scenario)
    {
        var of = scenario.Scenario.Headline!.Value;
        var rows = scenario.Targets.Where(target => target != LabResult.Direct).Select(target => (Target: target, Cells: scenario.Of(target)))
            .Where(row => row.Cells.All(cell => cell.Tally.Errors == 0))
            .Select(row => (row.Target, P50: Figure.Of(row.Cells, scenario.Direct, of.Of, 0.5), P99: Figure.Of(row.Cells, scenario.Direct, of.Of, 0.99))).ToArray();
        _y += TitleHeight;
        var remark = scenario.LabIsBottleneck() is null ? "" : " - the lab itself is the bottleneck";
        Text(10, _y, $"{scenario.Scenario.Name}: {of.Name}{remark}", "bold");
        var largest = rows.Select(row => Math.Max(row.P50.Added, row.P99.Added)).Append(1).Max();
        foreach (var (target, p50, p99) in rows)
        {
            Text(10, _y + 18, target, "normal");
            Bar(_y + 8, p50, largest, "#1f4e79");
            Bar(_y + 8 + BarHeight, p99, largest, "#9dc3e6");
            _y += RowHeight;
        }
    }

    private void Bar(int y, Figure figure, double largest, string colour)
    {
        var width = Math.Max(1, figure.Added / largest * (Width - LabelWidth - ValueWidth));
        _body.Append(CultureInfo.InvariantCulture, $"<rect x=\"{LabelWidth}\" y=\"{y}\" width=\"{width:0.0}\" height=\"{BarHeight - 1}\" fill=\"{colour}\"/>\n");
        _body.Append(CultureInfo.InvariantCulture, $"<text x=\"{LabelWidth + width + 4:0.0}\" y=\"{y + BarHeight - 1}\" font-size=\"9\">{figure.AddedText}</text>\n");
    }

    private void Text(int x, int y, string text, string weight) =>
        _body.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y}\" font-weight=\"{weight}\">{WebUtility.HtmlEncode(text)}</text>\n");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
