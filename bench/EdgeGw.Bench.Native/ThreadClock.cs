using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeGw.Bench.Native;

/// <summary>Processor time of the calling thread alone: not that of the journal's writer and of the collector, which share its core where the run is pinned to one.</summary>
internal static partial class ThreadClock
{
    /// <summary><c>CLOCK_THREAD_CPUTIME_ID</c> of Linux.</summary>
    private const int ThreadTime = 3;

    /// <summary>Nanoseconds; elsewhere than on Linux those of the wall clock.</summary>
    public static double Now()
    {
        if (!OperatingSystem.IsLinux())
        {
            return Stopwatch.GetElapsedTime(0).TotalNanoseconds;
        }
        return ClockGetTime(ThreadTime, out var time) == 0 ? (time.Seconds * 1e9) + time.Nanoseconds : throw new InvalidOperationException("no clock for threads");
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    private readonly struct TimeSpec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
