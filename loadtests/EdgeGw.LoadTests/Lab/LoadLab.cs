using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using EdgeGw.LoadTests.Measuring;
using EdgeGw.LoadTests.Provider;
using EdgeGw.LoadTests.Targets;

namespace EdgeGw.LoadTests.Lab;

/// <summary>The lab from start to end: starts everything, runs the rounds, checks the books, ends everything.</summary>
internal sealed class LoadLab(LabOptions options, string folder)
{
    private static readonly Scenario[] WarmUpScenarios =
    [
        new("warm-up", Depth.Ci, new Order(0, 0, 0), 16),
        new("warm-up after 1 ms", Depth.Ci, new Order(1, 0, 0), 16),
        new("warm-up over TLS", Depth.Ci, new Order(0, 64, 0), 16) { Client = ClientSide.Http2 },
    ];

    public LabResult Run()
    {
        var result = new LabResult { Options = options, Machine = Machine.Look(folder), Begun = DateTimeOffset.UtcNow };
        var scenarios = options.SoakMinutes > 0 ? [Soak.Scenario] : Scenarios.Selected(options);
        using var set = TargetSet.Start(options, scenarios, result, folder);
        using var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "ca.pem"));
        var cells = scenarios.SelectMany(scenario => set.Targets.Where(target => target.DoorFor(scenario) is not null).SelectMany(_ => Enumerable.Repeat(scenario, options.Rounds))).ToArray();
        result.Timing = Timing.For(cells, options.Budget);
        var runner = new CellRunner(set, result.Timing, authority);
        if (options.SoakMinutes > 0)
        {
            Soak.Run(set, runner, options.SoakMinutes, result);
        }
        else
        {
            RunRounds(scenarios, set, runner, result);
        }
        Finish(set, result);
        return result;
    }

    private void RunRounds(IReadOnlyList<Scenario> scenarios, TargetSet set, CellRunner runner, LabResult result)
    {
        WarmUp(set, runner);
        // Rounds outside, so that a run whose time is over lacks a round of some scenarios, and not whole scenarios.
        for (var round = 0; round < options.Rounds; round++)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}"));
            foreach (var scenario in scenarios)
            {
                if (DateTimeOffset.UtcNow - result.Begun > options.Patience)
                {
                    result.Remarks.Add($"the time was over in round {round + 1} at \"{scenario.Name}\": from there on there is one round fewer");
                    return;
                }
                Console.Error.WriteLine($"  {scenario.Name}");
                RunTargets(scenario, round, set, runner, result);
            }
        }
    }

    private static void RunTargets(Scenario scenario, int round, TargetSet set, CellRunner runner, LabResult result)
    {
        // A B C D, then B C D A: nobody always comes first.
        for (var i = 0; i < set.Targets.Count; i++)
        {
            var target = set.Targets[(i + round) % set.Targets.Count];
            if (!HasGivenUp(result, scenario, target) && runner.Run(scenario, target, round) is { } cell)
            {
                result.Cells.Add(cell);
            }
        }
    }

    /// <summary>Somebody else's program that could not do it once would only cost time, mostly half a minute of waiting for it.</summary>
    private static bool HasGivenUp(LabResult result, Scenario scenario, Target target) =>
        !target.IsOurs && result.Cells.Any(cell => cell.Scenario == scenario && cell.Target == target.Name && cell.Tally.Errors > 0);

    /// <summary>Some targets compile as they run: what that costs is not what a call costs.</summary>
    private void WarmUp(TargetSet set, CellRunner runner)
    {
        var length = new Timing(0, options.IsShort ? 0.6 : 1.5);
        foreach (var scenario in WarmUpScenarios)
        {
            foreach (var target in set.Targets)
            {
                if (runner.Run(scenario, target, round: -1, length) is { Tally.Errors: > 0 } cell)
                {
                    Console.Error.WriteLine($"warm-up of {target.Name}: {cell.Tally.Fault}");
                }
            }
        }
    }

    private static void Finish(TargetSet set, LabResult result)
    {
        foreach (var target in set.Targets)
        {
            if (target.CheckBooks() is { } fault)
            {
                // Somebody else's program that failed calls has no books of ours to be wrong.
                (target.IsOurs || target.Failed == 0 ? result.Faults : result.Remarks).Add(fault);
            }
            result.Calls[target.Name] = (target.Answered, target.Left);
        }
        Clock.WaitUntil(Clock.Now + Clock.Milliseconds(2000));
        foreach (var target in set.Targets.Where(each => each.Process is not null))
        {
            var (now, peak) = ProcessFigures.Resident(target.Process!.Id);
            result.Memory[target.Name] = result.Memory[target.Name] with { After = now, Peak = peak };
        }
        foreach (var target in set.Targets.OfType<EdgeGwTarget>())
        {
            result.Booked[target.Name] = target.Booked();
        }
        result.LoadAverageAfter = Machine.LoadAverage();
        foreach (var cell in result.Cells.Where(cell => cell.Tally.Errors > 0))
        {
            var ours = set.Targets.Single(target => target.Name == cell.Target).IsOurs;
            (ours ? result.Faults : result.Remarks).Add(
                $"{cell.Scenario.Name}, {cell.Target}, round {cell.Round + 1}: {cell.Tally.Errors} errors, first: {cell.Tally.Fault}");
        }
    }
}
