using System.Globalization;
using EdgeGw.LoadTests.Lab;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Reporting;

/// <summary>The whole run as Markdown: frame, summary, every scenario in full, memory, books.</summary>
internal sealed class Report(LabResult result, Provenance provenance, TextWriter output)
{
    public void Write()
    {
        Frame.Write(result, provenance, output);
        new Summary(result, output).Write();
        Line("Below: times in microseconds. Added = this target minus direct of the same round: median over rounds [least .. most]. ~ = all rounds pooled (too few values a round).");
        Line("");
        foreach (var scenario in ScenarioCells.Group(result))
        {
            WriteScenario(scenario);
        }
        WriteSoak();
        WriteBooks();
    }

    private void WriteScenario(ScenarioCells cells)
    {
        var scenario = cells.Scenario;
        Line($"### {scenario.Name} (others used {cells.ForeignCpu:P0})");
        Line("");
        Line("| target | measure | p50 | p99 | added p50 | added p99 | requests/s | CPU us/request | resident MiB | values |");
        Line("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var (measure, of) in MeasuresOf(scenario))
        {
            foreach (var target in cells.Targets)
            {
                WriteRow(measure, of, cells.Of(target), cells.Direct);
            }
        }
        Line("");
        WriteNotes(cells);
    }

    private void WriteRow(string measure, Func<Tally, LatencyHistogram> of, IReadOnlyList<Cell> cells, IReadOnlyList<Cell> direct)
    {
        if (cells.Any(cell => cell.Tally.Errors > 0))
        {
            Line($"| {cells[0].Target} | {measure} | failed | | | | | | | |");
            return;
        }
        var (p50, p99) = (Figure.Of(cells, direct, of, 0.5), Figure.Of(cells, direct, of, 0.99));
        var isDirect = cells[0].IsDirect;
        var (added50, added99) = isDirect ? ("", "") : (p50.AddedWithSpread, p99.AddedWithSpread);
        var cpu = isDirect ? "" : Median(cells, cell => cell.CpuMicrosecondsPerRequest, "0");
        var resident = isDirect ? "" : Median(cells, cell => cell.ResidentBytes / 1048576.0, "0");
        Line($"| {cells[0].Target} | {measure} | {p50.ValueText} | {p99.ValueText} | {added50} | {added99} | {Median(cells, cell => cell.RequestsPerSecond, "0")} | {cpu} | {resident} | {cells.Sum(cell => of(cell.Tally).Count)} |");
    }

    private void WriteNotes(ScenarioCells cells)
    {
        var notes = new List<string>();
        if (cells.LabIsBottleneck() is { } why)
        {
            notes.Add($"The lab itself is the bottleneck here: {why}.");
        }
        if (cells.Scenario.Rate > 0 || cells.Scenario.IsSwarm)
        {
            notes.Add($"The lab's own lateness, p99 us: {ByTarget(cells, of => Median(of, cell => cell.Tally.Lateness.Quantile(0.99) / 1000, "0"))}.");
        }
        if (cells.Scenario.CountsLate)
        {
            notes.Add($"Chunks later than ten times the pace: {ByTarget(cells, of => of.Sum(cell => cell.Tally.LateEvents).ToString(CultureInfo.InvariantCulture))}.");
        }
        if (cells.All.Any(cell => cell.Tally.Unsent > 0))
        {
            notes.Add($"Requests given up on before they were sent: {ByTarget(cells, of => of.Sum(cell => cell.Tally.Unsent).ToString(CultureInfo.InvariantCulture))}.");
        }
        if (cells.All.Any(cell => cell.AllocatedPerRequest is not null))
        {
            notes.Add($"Managed heap bytes a request: {ByTarget(cells, of => of[0].AllocatedPerRequest is null ? null : Median(of, cell => cell.AllocatedPerRequest ?? 0, "0"))}.");
        }
        foreach (var note in notes)
        {
            Line(note);
            Line("");
        }
    }

    private void WriteSoak()
    {
        foreach (var (target, samples) in result.Soaked.Where(pair => pair.Value.Count > 0))
        {
            Line($"- {target}: {samples[0].Bytes / 1048576.0:0.0} MiB after {samples[0].Seconds:0} s, {samples[^1].Bytes / 1048576.0:0.0} MiB after {samples[^1].Seconds:0} s; second half grows by {Soak.GrowthPerMinute(samples) / 1048576:0.000} MiB a minute");
        }
        Line("");
    }

    private void WriteBooks()
    {
        Line("### Books");
        Line("");
        foreach (var (target, (answered, left)) in result.Calls)
        {
            var books = result.Booked.TryGetValue(target, out var booked) ? $"; booked {booked.Requests}, {booked.Input} + {booked.Output} tokens, {booked.Cost} USD" : "";
            Line($"- {target}: {answered} requests answered, {left} left by the client{books}");
        }
        Line("");
        Line(result.Faults.Count == 0 ? "Clients, provider and books agree for every target of ours; no request of theirs failed." : "FAILED:");
        result.Faults.ForEach(fault => Line($"- {fault}"));
        if (result.Remarks.Count > 0)
        {
            Line("");
            Line("Remarks:");
            result.Remarks.ForEach(remark => Line($"- {remark}"));
        }
    }

    private static IEnumerable<(string Name, Func<Tally, LatencyHistogram> Of)> MeasuresOf(Scenario scenario)
    {
        if (scenario.LeavesAfterEvents > 0)
        {
            yield return ("between chunks", tally => tally.Gaps);
            yield break;
        }
        if (scenario.IsStream)
        {
            yield return ("first chunk", tally => tally.FirstEvent);
        }
        if (scenario.CountsLate)
        {
            yield return ("between chunks", tally => tally.Gaps);
            yield break;
        }
        yield return (scenario.IsStream ? "whole stream" : scenario.Rate > 0 ? "since due" : "answer", tally => tally.Total);
        if (scenario.Rate > 0)
        {
            yield return ("since sent", tally => tally.Service);
        }
    }

    private static string ByTarget(ScenarioCells cells, Func<IReadOnlyList<Cell>, string?> text) =>
        string.Join(", ", cells.Targets.Select(target => (target, Text: text(cells.Of(target)))).Where(pair => pair.Text is not null).Select(pair => $"{pair.target} {pair.Text}"));

    private static string Median(IEnumerable<Cell> cells, Func<Cell, double> of, string format) =>
        Statistics.Median(cells.Select(of)).ToString(format, CultureInfo.InvariantCulture);

    // The project is built culture-invariant, so interpolation is too.
    private void Line(string text) => output.WriteLine(text);
}
