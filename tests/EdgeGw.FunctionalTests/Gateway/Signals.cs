using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeGw.FunctionalTests.Gateway;

/// <summary>What an operator tells a process: to end, in two ways, or to read its configuration again.</summary>
internal static partial class Signals
{
    private const int HangUp = 1;
    private const int Kill = 9;
    private const int Term = 15;

    /// <summary>What <c>nohup</c> does: processes started until the end of this have it ignored.</summary>
    public static IDisposable IgnoreHangUp() => new HangUpIgnored();

    public static void SendHangUp(Process process) => Send(process, HangUp);

    public static void SendTerm(Process process) => Send(process, Term);

    public static void SendKill(Process process) => Send(process, Kill);

    private static void Send(Process process, int signal)
    {
        if (!process.HasExited && SendSignal(process.Id, signal) != 0 && !process.HasExited)
        {
            throw new InvalidOperationException($"kill({process.Id}, {signal}): errno {Marshal.GetLastPInvokeError()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);

    private sealed class HangUpIgnored : IDisposable
    {
        private const nint Ignore = 1;

        private readonly nint _before = SetHandler(HangUp, Ignore);

        public void Dispose() => SetHandler(HangUp, _before);
    }
}
