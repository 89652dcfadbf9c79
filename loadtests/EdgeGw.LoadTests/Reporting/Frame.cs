using System.Globalization;
using EdgeGw.LoadTests.Lab;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Reporting;

/// <summary>On what, of what and how long: without these lines no figure means anything.</summary>
internal static class Frame
{
    public static void Write(LabResult result, Provenance provenance, TextWriter output)
    {
        var (machine, options) = (result.Machine, result.Options);
        var only = options.Only is { } text ? $", only \"{text}\"" : "";
        var what = options.SoakMinutes > 0
            ? Text($"soak: {options.SoakMinutes} minutes of {Soak.Rate} streams a second for each mode at the same time.")
            : Text($"{options.Depth.ToString().ToLowerInvariant()}{only}: {options.Rounds} rounds, cells of {result.Timing.Seconds:0.0} s, targets interleaved in each round.");
        output.WriteLine(Text($"Load lab, {result.Begun:yyyy-MM-dd HH:mm} UTC, {what}"));
        output.WriteLine();
        output.WriteLine(Text($"- Machine: {machine.Processor}, {machine.Processors} processors, {machine.Memory / 1073741824.0:0} GiB, Linux {machine.Kernel}; {Targets.ProcessorPlan.ForThisMachine()}; one 4 KiB write with sync: {machine.SyncMicroseconds:0} us."));
        output.WriteLine(Text($"- {provenance.Version}, sha256 {provenance.Sha256}, {provenance.Bytes / 1e6:0.0} MB; {string.Join("; ", provenance.Others)}; lab on .NET {Environment.Version}, source {provenance.Source}."));
        if (result.Cells.Count > 0)
        {
            var foreign = result.Cells.Select(cell => cell.ForeignCpu).ToArray();
            output.WriteLine(Text($"- Load average {machine.LoadAverageBefore} before, {result.LoadAverageAfter} after; processors used by others while measuring: median {Statistics.Median(foreign):P0}, at most {foreign.Max():P0}."));
        }
        var starts = result.StartsToReady.Select(start => start.TotalMilliseconds).ToArray();
        output.WriteLine(Text($"- edgegw from start to ready, fresh data folder: median {Statistics.Median(starts):0} ms of {starts.Length} [{starts.Min():0} .. {starts.Max():0}]."));
        output.WriteLine(Text($"- Resident memory idle / after the run / at most, MiB: {string.Join("; ", result.Memory.Select(pair => Text($"{pair.Key} {Mib(pair.Value.Idle)} / {Mib(pair.Value.After)} / {Mib(pair.Value.Peak)}")))}."));
        output.WriteLine();
    }

    private static string Mib(long bytes) => (bytes / 1048576.0).ToString("0", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
