using System.Diagnostics;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Lab;

/// <summary>What the figures were measured on.</summary>
/// <param name="SyncMicroseconds">Median time of a 4 KiB overwrite with sync on the data folder's disk: the floor under durable answers.</param>
internal sealed record Machine(string Processor, int Processors, string Kernel, long Memory, string LoadAverageBefore, double SyncMicroseconds)
{
    public static Machine Look(string folder) => new(
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown",
        Environment.ProcessorCount,
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        LoadAverage(),
        MeasureSync(Path.Combine(folder, "sync-probe")));

    public static string LoadAverage() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]);

    private static double MeasureSync(string path)
    {
        var block = new byte[4096];
        var took = new List<double>();
        using var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        file.Write(new byte[1 << 20]);
        file.Flush(flushToDisk: true);
        for (var i = 0; i < 41; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            RandomAccess.Write(file.SafeFileHandle, block, i * 4096);
            RandomAccess.FlushToDisk(file.SafeFileHandle);
            took.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds);
        }
        return Statistics.Median(took);
    }
}
