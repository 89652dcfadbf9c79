using System.ComponentModel;
using System.Runtime.InteropServices;

namespace EdgeGw.Bench.Native;

/// <summary>Runs a thread of a child process one instruction at a time (ptrace), on x64.</summary>
internal static partial class ThreadStepper
{
    private const nint PeekUser = 3;
    private const nint SingleStep = 9;
    private const nint Seize = 0x4206;
    private const nint Interrupt = 0x4207;

    /// <summary>Where <c>rip</c> stands in <c>struct user</c>.</summary>
    private const nint InstructionPointer = 16 * 8;

    private const int AllThreads = 0x40000000;
    private const int Trap = 5;

    /// <summary>Steps until the process ends.</summary>
    /// <param name="thread">Its id.</param>
    /// <param name="addresses">Gets where each instruction was, in user code alone: a system call is one.</param>
    /// <param name="stepping">Called when the thread has stopped for the first time.</param>
    /// <exception cref="Win32Exception">The system does not allow it.</exception>
    public static void StepToEnd(int thread, List<long> addresses, Action stepping)
    {
        Check(Ptrace(Seize, thread, 0, 0));
        Check(Ptrace(Interrupt, thread, 0, 0));
        Check(WaitPid(thread, out _, AllThreads));
        stepping();
        nint signal = 0;
        while (Ptrace(SingleStep, thread, 0, signal) >= 0 && WaitPid(thread, out var status, AllThreads) >= 0 && (status & 0xFF) == 0x7F)
        {
            // The runtime stops threads by signals for its collections: they must reach it.
            var stop = status >> 8;
            signal = stop is Trap or > 0xFF ? 0 : stop;
            addresses.Add(Ptrace(PeekUser, thread, InstructionPointer, 0));
        }
    }

    private static void Check(nint result)
    {
        if (result < 0)
        {
            throw new Win32Exception();
        }
    }

    [LibraryImport("libc", EntryPoint = "ptrace", SetLastError = true)]
    private static partial nint Ptrace(nint request, int thread, nint address, nint data);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int thread, out int status, int options);
}
