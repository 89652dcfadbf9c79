using EdgeGw.LoadTests.Client;
using EdgeGw.LoadTests.Measuring;
using EdgeGw.LoadTests.Provider;
using EdgeGw.LoadTests.Targets;

namespace EdgeGw.LoadTests.Lab;

/// <summary>Watches the memory of the gateway under a steady load: does it grow with the calls it has served?</summary>
internal static class Soak
{
    /// <summary>Requests a second on each.</summary>
    public const int Rate = 200;

    private const double SampleSeconds = 5;

    /// <summary>At full speed and before anything is watched: at the steady rate a heap of tens of megabytes needs minutes to find its size, which is no growth.</summary>
    private const double WarmUpSeconds = 15;

    /// <summary>What each mode is given, all at the same time: for memory, unlike for times, that does no harm.</summary>
    public static Scenario Scenario { get; } = new("steady load", Depth.All, new Order(20, 64, 0), 32) { Rate = Rate };

    public static void Run(TargetSet set, CellRunner runner, double minutes, LabResult result)
    {
        var watched = set.Targets.Where(target => target is EdgeGwTarget && target.DoorFor(Scenario) is not null).ToArray();
        Finish(Start(watched, runner, Scenario with { Rate = 0 }, WarmUpSeconds), result);
        var loads = Start(watched, runner, Scenario, minutes * 60);
        var begun = Clock.Now;
        for (var i = 1; loads.Any(load => !load.Tally.IsCompleted); i++)
        {
            Clock.WaitUntil(begun + Clock.Milliseconds(i * SampleSeconds * 1000));
            foreach (var target in watched)
            {
                var samples = result.Soaked.TryGetValue(target.Name, out var known) ? known : result.Soaked[target.Name] = [];
                samples.Add(((Clock.Now - begun) / 1e9, ProcessFigures.Resident(target.Process!.Id).Now));
            }
        }
        Finish(loads, result);
    }

    /// <summary>Bytes a minute by least squares over the second half, when caches and heap have found their size.</summary>
    public static double GrowthPerMinute(IReadOnlyList<(double Seconds, long Bytes)> samples)
    {
        var later = samples.Skip(samples.Count / 2).ToArray();
        var (meanTime, meanBytes) = (later.Average(each => each.Seconds), later.Average(each => each.Bytes));
        var spread = later.Sum(each => (each.Seconds - meanTime) * (each.Seconds - meanTime));
        return spread == 0 ? 0 : 60 * later.Sum(each => (each.Seconds - meanTime) * (each.Bytes - meanBytes)) / spread;
    }

    private static (Target Target, Task<Tally> Tally)[] Start(Target[] targets, CellRunner runner, Scenario scenario, double seconds) =>
        Array.ConvertAll(targets, target => (target, Task.Factory.StartNew(
            () => new LoadGenerator(runner.LoadFor(scenario, target.DoorFor(scenario)!, new Timing(0, seconds))).Run(() => { }, () => { }),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    private static void Finish((Target Target, Task<Tally> Tally)[] loads, LabResult result)
    {
        foreach (var (target, load) in loads)
        {
            var tally = load.GetAwaiter().GetResult();
            target.Answered += tally.Answered;
            target.Failed += tally.Errors;
            if (tally.Errors > 0)
            {
                (target.IsOurs ? result.Faults : result.Remarks).Add($"{target.Name}: {tally.Errors} errors, first: {tally.Fault}");
            }
        }
    }
}
