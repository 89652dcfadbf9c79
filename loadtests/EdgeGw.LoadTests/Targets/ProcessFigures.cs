using System.Globalization;

namespace EdgeGw.LoadTests.Targets;

/// <summary>Figures of Linux about processes: processor time and resident memory.</summary>
internal static class ProcessFigures
{
    private const double TicksPerSecond = 100;

    /// <summary>Seconds of processor time of a process and the children it has now.</summary>
    public static double CpuSeconds(int id)
    {
        var seconds = OwnCpuSeconds(id);
        foreach (var child in Children(id))
        {
            seconds += OwnCpuSeconds(child);
        }
        return seconds;
    }

    /// <summary>Resident bytes now and at most, of a process and its children.</summary>
    public static (long Now, long Peak) Resident(int id)
    {
        var (now, peak) = (0L, 0L);
        foreach (var process in Children(id).Prepend(id))
        {
            foreach (var line in File.ReadLines($"/proc/{process}/status"))
            {
                now += line.StartsWith("VmRSS:", StringComparison.Ordinal) ? Kibibytes(line) : 0;
                peak += line.StartsWith("VmHWM:", StringComparison.Ordinal) ? Kibibytes(line) : 0;
            }
        }
        return (now, peak);
    }

    /// <summary>Seconds that all processors of the machine have been busy, whoever used them.</summary>
    public static double MachineBusySeconds()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // user nice system idle iowait irq softirq steal: everything but idle and iowait.
        return fields[1..9].Select((text, index) => index is 3 or 4 ? 0 : Number(text)).Sum() / TicksPerSecond;
    }

    private static IEnumerable<int> Children(int id) =>
        File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => (int)Number(text));

    private static double OwnCpuSeconds(int id)
    {
        var text = File.ReadAllText($"/proc/{id}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
    }

    private static long Kibibytes(string line) => 1024 * (long)Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
