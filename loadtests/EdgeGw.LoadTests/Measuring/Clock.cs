using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeGw.LoadTests.Measuring;

/// <summary>The monotonic clock in nanoseconds, and waiting for a moment of it with microseconds of error instead of a scheduler tick.</summary>
internal static partial class Clock
{
    private const int Monotonic = 1;
    private const int AbsoluteTime = 1;
    private const int SetTimerSlack = 29;
    private const int Interrupted = 4;

    public static long Now => Stopwatch.Frequency == 1_000_000_000
        ? Stopwatch.GetTimestamp()
        : (long)((Int128)Stopwatch.GetTimestamp() * 1_000_000_000 / Stopwatch.Frequency);

    public static long Milliseconds(double count) => (long)(count * 1_000_000);

    /// <summary>Makes this thread's waits end as exactly as the kernel can; its default is up to 50 microseconds late.</summary>
    public static void SharpenThisThread() => _ = Control(SetTimerSlack, 1, 0, 0, 0);

    /// <summary>Returns at that moment, at once when it has passed.</summary>
    public static void WaitUntil(long nanoseconds)
    {
        var until = new TimeSpec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        while (nanoseconds > Now && Sleep(Monotonic, AbsoluteTime, in until, 0) == Interrupted)
        {
            // A signal ended the wait early.
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int Sleep(int clock, int flags, in TimeSpec until, nint remaining);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint a, nuint b, nuint c, nuint d);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
