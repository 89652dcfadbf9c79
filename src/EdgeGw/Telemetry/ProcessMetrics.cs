using System.Diagnostics;
using System.Runtime.InteropServices;
using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Telemetry;

/// <summary>The process and its runtime, under the names that Prometheus and OpenTelemetry agreed on.</summary>
internal static class ProcessMetrics
{
    private const string FileDescriptors = "/proc/self/fd";
    private static readonly string[] Generations = ["gen0", "gen1", "gen2"];

    internal static void Register(MetricRegistry registry, string? version)
    {
        version ??= typeof(ProcessMetrics).Assembly.GetName().Version?.ToString(3) ?? "unknown";
        var build = LabelText.Render(["version", "runtime"], new(version, RuntimeInformation.FrameworkDescription, "", "", ""));
        registry.Add(new CollectedFamily(MetricType.Info, "edgegw_build", "The running build.",
            (in CollectedFamily.Samples samples) => samples.Add(build, 1, 0)));

        double start;
        using (var process = Process.GetCurrentProcess())
        {
            start = new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1000d;
        }
        Add(MetricType.Gauge, "process_start_time_seconds", "Start of the process, seconds since 1970.", () => start);
        Add(MetricType.Counter, "process_cpu_seconds", "User and system CPU time.", () => Environment.CpuUsage.TotalTime.TotalSeconds);
        Add(MetricType.Gauge, "process_resident_memory_bytes", "Resident memory.", () => Environment.WorkingSet);
        if (Directory.Exists(FileDescriptors))
        {
            Add(MetricType.Gauge, "process_open_fds", "Open file descriptors.", () => Directory.EnumerateFileSystemEntries(FileDescriptors).Count());
        }

        registry.Add(new CollectedFamily(MetricType.Counter, "dotnet_gc_collections", "Garbage collections by the oldest generation collected.", Collections));
        Add(MetricType.Counter, "dotnet_gc_pause_time_seconds", "Time that garbage collection stopped the process.",
            () => GC.GetTotalPauseDuration().TotalSeconds);
        Add(MetricType.Counter, "dotnet_gc_heap_total_allocated_bytes", "Bytes allocated on the managed heap.", () => GC.GetTotalAllocatedBytes());
        Add(MetricType.Gauge, "dotnet_gc_heap_size_bytes", "Managed heap in use.", () => GC.GetTotalMemory(forceFullCollection: false));
        Add(MetricType.Gauge, "dotnet_thread_pool_threads", "Threads of the pool.", () => ThreadPool.ThreadCount);
        Add(MetricType.Gauge, "dotnet_thread_pool_queue_length", "Work items waiting for a thread of the pool.", () => ThreadPool.PendingWorkItemCount);

        void Add(MetricType type, string name, string help, Func<double> read) => registry.Add(CollectedFamily.Of(type, name, help, read));
    }

    private static void Collections(in CollectedFamily.Samples samples)
    {
        for (var generation = 0; generation < Generations.Length; generation++)
        {
            // The runtime counts a collection in every generation it covers; as label values they must not overlap.
            var younger = GC.CollectionCount(generation);
            var older = generation + 1 < Generations.Length ? GC.CollectionCount(generation + 1) : 0;
            samples.Add(LabelText.Render(["gc_heap_generation"], new(Generations[generation], "", "", "", "")), Math.Max(0, younger - older), 0);
        }
    }
}
