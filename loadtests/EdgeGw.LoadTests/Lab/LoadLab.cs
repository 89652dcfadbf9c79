using System.Globalization;
using System.Net;
using EdgeGw.LoadTests.Client;
using EdgeGw.LoadTests.Measuring;
using EdgeGw.LoadTests.Provider;
using EdgeGw.LoadTests.Targets;

namespace EdgeGw.LoadTests.Lab;

/// <summary>The lab from start to end: starts everything, runs the rounds, checks the books, ends everything.</summary>
internal sealed class LoadLab(LabOptions options, string folder)
{
    private readonly List<Target> _targets = [];
    private ChildProcess? _provider;

    public LabResult Run()
    {
        var result = new LabResult { Options = options, Machine = Machine.Look(folder), Begun = DateTimeOffset.UtcNow };
        try
        {
            StartAll(result);
            foreach (var scenario in Scenario.All.Where(each => options.Only is null || each.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)))
            {
                Console.Error.Write($"{scenario.Name}: round");
                for (var round = 0; round < options.Rounds; round++)
                {
                    Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $" {round + 1}"));
                    // A B C D, then B C D A: nobody always comes first.
                    for (var i = 0; i < _targets.Count; i++)
                    {
                        result.Cells.Add(RunCell(scenario, _targets[(i + round) % _targets.Count], round));
                    }
                }
                Console.Error.WriteLine();
            }
            Finish(result);
        }
        finally
        {
            _targets.ForEach(target => target.Dispose());
            _provider?.Dispose();
        }
        return result;
    }

    private void StartAll(LabResult result)
    {
        // The four ports in use, one for the probes of the start time.
        _provider = new ChildProcess(Environment.ProcessPath!, SelfArguments("provider", "5"), Path.Combine(folder, "provider.log"), readsOutput: true);
        var line = _provider.Output.ReadLine() ?? throw new InvalidOperationException("the fake provider did not start");
        var ports = line.Split(' ').Select(port => new ProviderPort(new IPEndPoint(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture)))).ToArray();
        for (var i = 0; i < options.Starts; i++)
        {
            using var probe = EdgeGwTarget.Start(options.Binary, "overlapped", Path.Combine(folder, $"start-{i}"), ports[4]);
            result.StartsToReady.Add(probe.StartToReady);
        }
        _targets.Add(new Target(LabResult.Direct, ports[0].Address, ports[0], null));
        if (options.Nginx is { } nginx)
        {
            _targets.Add(NginxTarget.Start(nginx, Path.Combine(folder, "nginx"), ports[1]));
        }
        _targets.Add(EdgeGwTarget.Start(options.Binary, "overlapped", Path.Combine(folder, "overlapped"), ports[2]));
        _targets.Add(EdgeGwTarget.Start(options.Binary, "relaxed", Path.Combine(folder, "relaxed"), ports[3]));
        Clock.WaitUntil(Clock.Now + Clock.Milliseconds(1000));
        foreach (var target in _targets.Where(each => each.Process is not null))
        {
            result.Memory[target.Name] = new MemoryFigures { Idle = ProcessFigures.Resident(target.Process!.Id).Now };
        }
    }

    private void Finish(LabResult result)
    {
        foreach (var target in _targets)
        {
            if (target.CheckBooks() is { } fault)
            {
                result.Faults.Add(fault);
            }
            result.Answered[target.Name] = target.Answered;
        }
        Clock.WaitUntil(Clock.Now + Clock.Milliseconds(2000));
        foreach (var target in _targets.Where(each => each.Process is not null))
        {
            var (now, peak) = ProcessFigures.Resident(target.Process!.Id);
            result.Memory[target.Name] = result.Memory[target.Name] with { After = now, Peak = peak };
        }
        foreach (var target in _targets.OfType<EdgeGwTarget>())
        {
            result.Booked[target.Name] = target.Booked();
        }
        result.LoadAverageAfter = Machine.LoadAverage();
        JudgeCells(result);
    }

    private static void JudgeCells(LabResult result)
    {
        foreach (var cell in result.Cells.Where(cell => cell.Tally.Errors > 0))
        {
            result.Faults.Add($"{cell.Scenario.Name}, {cell.Target}, round {cell.Round + 1}: {cell.Tally.Errors} errors, first: {cell.Tally.Fault}");
        }
        foreach (var group in result.Cells.Where(cell => cell.Scenario.CountsLate).GroupBy(cell => cell.Round))
        {
            var machine = group.Single(cell => cell.Target == LabResult.Direct).Tally.LateEvents;
            foreach (var cell in group.Where(cell => cell.Tally.LateEvents > machine))
            {
                result.Faults.Add($"{cell.Scenario.Name}, {cell.Target}, round {cell.Round + 1}: {cell.Tally.LateEvents} late chunks, {machine} without anything between");
            }
        }
    }

    private Cell RunCell(Scenario scenario, Target target, int round)
    {
        var generator = new LoadGenerator(new Load
        {
            To = target.Address,
            Request = scenario.Order.ToRequest("/v1/chat/completions", target.Address.ToString(), target.Bearer),
            Connections = scenario.Connections,
            Seconds = options.CellSeconds,
            WarmUpSeconds = options.WarmUpSeconds,
            Rate = scenario.Rate,
            Times = scenario.Times,
            ExpectedBytes = scenario.IsStream ? Answers.StreamLength(scenario.Order.Chunks) : Answers.UnaryLength,
            ExpectedEvents = scenario.IsStream ? Answers.EventsOf(scenario.Order.Chunks) : 0,
            LateAfter = scenario.LateAfter,
        });
        var allocated = target.AllocatedBytes;
        var (from, to) = (default(Moment), default(Moment));
        var tally = generator.Run(() => from = Now(target), () => to = Now(target));
        target.Answered += tally.Answered;
        allocated = target.AllocatedBytes - allocated;
        var seconds = (to.Time - from.Time) / 1e9;
        var foreign = (to.Busy - from.Busy - (to.Own - from.Own)) / (seconds * Environment.ProcessorCount);
        return new Cell(scenario, target.Name, round, tally, seconds, to.Target - from.Target, Math.Clamp(foreign, 0, 1), allocated);
    }

    private Moment Now(Target target)
    {
        var own = ProcessFigures.CpuSeconds(_provider!.Id) + Environment.CpuUsage.TotalTime.TotalSeconds + _targets.Sum(each => each.CpuSeconds);
        return new Moment(Clock.Now, target.CpuSeconds, own, ProcessFigures.MachineBusySeconds());
    }

    /// <summary>This program again, whether it was started by its own name or through the runtime's.</summary>
    private static IEnumerable<string> SelfArguments(params string[] arguments) =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0], .. arguments] : arguments;

    private readonly record struct Moment(long Time, double Target, double Own, double Busy);
}
