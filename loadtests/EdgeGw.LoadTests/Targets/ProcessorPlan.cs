using System.Globalization;

namespace EdgeGw.LoadTests.Targets;

/// <summary>Who runs on which processors: with four or more, targets have the upper half and the lab the lower; with fewer, all share all.</summary>
/// <remarks>Pinning to one processor each on a machine of two would make provider and clients wait for each other, and measure that.</remarks>
internal sealed record ProcessorPlan(int Processors, bool IsPinned)
{
    private const int EnoughToShareOut = 4;
    private const string Taskset = "/usr/bin/taskset";

    public int TargetCount => IsPinned ? Processors - Processors / 2 : Processors;

    public static ProcessorPlan ForThisMachine() => new(Environment.ProcessorCount, Environment.ProcessorCount >= EnoughToShareOut && File.Exists(Taskset));

    public override string ToString() => IsPinned
        ? string.Create(CultureInfo.InvariantCulture, $"lab on processors 0-{Processors / 2 - 1}, targets on {Processors / 2}-{Processors - 1}")
        : "not pinned";

    public string[] ForTarget(string[] line) => Pin(line, Processors / 2, Processors - 1);

    public string[] ForLab(string[] line) => Pin(line, 0, Processors / 2 - 1);

    /// <summary>Keeps this process, and threads that it starts from now on, on the lab's processors.</summary>
    public void PinThisProcess()
    {
        if (IsPinned && OperatingSystem.IsLinux())
        {
            using var self = System.Diagnostics.Process.GetCurrentProcess();
            self.ProcessorAffinity = (nint)((1L << (Processors / 2)) - 1);
        }
    }

    private string[] Pin(string[] line, int from, int to) =>
        IsPinned ? [Taskset, "-c", string.Create(CultureInfo.InvariantCulture, $"{from}-{to}"), .. line] : line;
}
