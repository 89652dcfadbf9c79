using System.Globalization;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Lab;

/// <summary>The run as Markdown.</summary>
internal sealed class Report(LabResult result, Provenance provenance, TextWriter output)
{
    /// <summary>Below this many values a round has no 99th percentile of its own: all rounds are pooled then.</summary>
    private const int EnoughForP99 = 300;

    public void Write()
    {
        WriteFrame();
        foreach (var group in result.Cells.GroupBy(cell => cell.Scenario.Name))
        {
            WriteScenario([.. group]);
        }
        WriteProcess();
        WriteBooks();
    }

    private void WriteFrame()
    {
        var machine = result.Machine;
        Line($"Load lab, {result.Begun:yyyy-MM-dd HH:mm} UTC, {(result.Options.Quick ? "quick" : "full")}: {result.Options.Rounds} rounds, "
            + $"cells of {result.Options.CellSeconds} s, targets interleaved in each round.");
        Line($"Machine: {machine.Processor}, {machine.Processors} processors, Linux {machine.Kernel}; one 4 KiB write with sync: {machine.SyncMicroseconds:0} us.");
        Line($"edgegw {provenance.Version}, sha256 {provenance.Sha256[..16]}, {provenance.Bytes / 1e6:0.0} MB; {provenance.Nginx}, {Targets.NginxTarget.Workers} workers; .NET {Environment.Version}; source {provenance.Commit}.");
        Line($"Load average {machine.LoadAverageBefore} before, {result.LoadAverageAfter} after; processors used by others while measuring: "
            + $"median {Statistics.Median(result.Cells.Select(cell => cell.ForeignCpu)):P0}, at most {result.Cells.Max(cell => cell.ForeignCpu):P0}.");
        Line($"Times in microseconds. Added = this target minus direct of the same round: median over rounds [least .. most]. ~ = all rounds pooled (too few values a round).");
        Line("");
    }

    private void WriteScenario(Cell[] cells)
    {
        var scenario = cells[0].Scenario;
        var foreign = Statistics.Median(cells.Select(cell => cell.ForeignCpu));
        Line($"### {scenario.Name} (others used {foreign:P0})");
        Line("");
        Line($"| target | measure | p50 | p99 | added p50 | added p99 | requests/s | CPU us/request | values |");
        Line($"|---|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var (measure, of) in MeasuresOf(scenario))
        {
            var direct = cells.Where(cell => cell.Target == LabResult.Direct).OrderBy(cell => cell.Round).ToArray();
            foreach (var target in cells.Select(cell => cell.Target).Distinct().OrderBy(name => name == LabResult.Direct ? 0 : name == "nginx" ? 1 : 2))
            {
                WriteRow(target, measure, of, [.. cells.Where(cell => cell.Target == target).OrderBy(cell => cell.Round)], direct);
            }
        }
        if (scenario.CountsLate)
        {
            var late = cells.GroupBy(cell => cell.Target).Select(group => $"{group.Key} {group.Sum(cell => cell.Tally.LateEvents)}");
            Line("");
            Line($"Chunks later than ten times the pace: {string.Join(", ", late)}.");
        }
        var allocated = cells.Where(cell => cell.AllocatedPerRequest is not null).GroupBy(cell => cell.Target).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key} {Statistics.Median(group.Select(cell => cell.AllocatedPerRequest!.Value)):0}").ToArray();
        if (allocated.Length > 0)
        {
            Line("");
            Line($"Managed heap bytes a request: {string.Join(", ", allocated)}.");
        }
        Line("");
    }

    private void WriteRow(string target, string measure, Func<Tally, LatencyHistogram> of, Cell[] cells, Cell[] direct)
    {
        var (p50, added50) = Column(0.5, pooled: false);
        var (p99, added99) = Column(0.99, pooled: cells.Any(cell => of(cell.Tally).Count < EnoughForP99));
        var cpu = cells.Sum(cell => cell.CpuSeconds) * 1e6 / Math.Max(1, cells.Sum(cell => cell.Tally.Total.Count));
        var rate = Statistics.Median(cells.Select(cell => cell.RequestsPerSecond));
        Line($"| {target} | {measure} | {p50} | {p99} | {added50} | {added99} | {rate:0} | {(target == LabResult.Direct ? "" : cpu.ToString("0", CultureInfo.InvariantCulture))} | {cells.Sum(cell => of(cell.Tally).Count)} |");

        (string Value, string Added) Column(double fraction, bool pooled)
        {
            if (pooled)
            {
                var (all, baseline) = (Pool(cells, of).Quantile(fraction), Pool(direct, of).Quantile(fraction));
                return ($"~{Us(all)}", target == LabResult.Direct ? "" : $"~{Us(all - baseline)}");
            }
            var values = cells.Select(cell => of(cell.Tally).Quantile(fraction)).ToArray();
            var added = cells.Select((cell, i) => values[i] - of(direct[i].Tally).Quantile(fraction)).ToArray();
            return (Us(Statistics.Median(values)), target == LabResult.Direct ? "" : $"{Us(Statistics.Median(added))} [{Us(added.Min())} .. {Us(added.Max())}]");
        }
    }

    private void WriteProcess()
    {
        Line($"### Process");
        Line("");
        Line($"| target | resident idle | after load | at most |");
        Line($"|---|--:|--:|--:|");
        foreach (var (target, memory) in result.Memory)
        {
            Line($"| {target} | {memory.Idle / 1048576.0:0.0} MiB | {memory.After / 1048576.0:0.0} MiB | {memory.Peak / 1048576.0:0.0} MiB |");
        }
        Line("");
        var starts = result.StartsToReady.Select(start => start.TotalMilliseconds).ToArray();
        Line($"edgegw start to ready, fresh data folder: median {Statistics.Median(starts):0} ms of {starts.Length} starts [{starts.Min():0} .. {starts.Max():0}].");
        Line("");
    }

    private void WriteBooks()
    {
        Line($"### Books");
        Line("");
        foreach (var (target, answered) in result.Answered)
        {
            Line($"- {target}: {answered} requests answered{(result.Booked.TryGetValue(target, out var books) ? $"; booked {books.Requests}, {books.Input} + {books.Output} tokens, {books.Cost} USD" : "")}");
        }
        Line("");
        Line($"{(result.Faults.Count == 0 ? "Clients, provider and books agree for every target; no request failed." : "FAILED:")}");
        result.Faults.ForEach(fault => Line($"- {fault}"));
    }

    private static IEnumerable<(string Name, Func<Tally, LatencyHistogram> Of)> MeasuresOf(Scenario scenario)
    {
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

    private static LatencyHistogram Pool(IEnumerable<Cell> cells, Func<Tally, LatencyHistogram> of)
    {
        var all = new LatencyHistogram();
        foreach (var cell in cells)
        {
            all.Add(of(cell.Tally));
        }
        return all;
    }

    private static string Us(double nanoseconds) => (nanoseconds / 1000).ToString("0", CultureInfo.InvariantCulture);

    // The project is built culture-invariant, so interpolation is too.
    private void Line(string text) => output.WriteLine(text);
}
